/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import jnr.ffi.Pointer;
import org.peercred.credentials.ControlGroup;

/**
 * The directory in {@code /proc} of one process, held open: it stays that process's, and leads nowhere once that has ended, whoever
 * has its number then. What is told is looked at anew each time, or proved to be the same. What cannot be
 * told this way is empty, and to be asked for where the reason for it is known. May be used by any thread.
 */
final class HeldProcess {

    private static final int READ_ONLY_CLOEXEC = 02000000;
    private static final int NONE = -1;

    /** As much of a file as is read; what is longer is not told. */
    private static final int TEXT_BYTES = 4096;

    private static final int NAME = TEXT_BYTES;
    private static final int BYTES = NAME + 8;
    private static final byte[] CGROUP = "cgroup\0".getBytes(StandardCharsets.US_ASCII);

    private final LibC libc;
    private final int directory;
    private final ExecutableLink executable;
    private final Pointer memory;
    private final long address;
    private int cgroup = NONE;
    private byte[] membership = {};
    private ControlGroup group;

    /** Takes over a descriptor of the directory. */
    HeldProcess(Native system, StatusFields status, int directory) {
        this.libc = system.libc();
        this.directory = directory;
        executable = new ExecutableLink(system, status, directory);
        memory = system.allocate(BYTES);
        address = memory.address();
        memory.put(NAME, CGROUP, 0, CGROUP.length);
    }

    /** As {@link ProcFiles#executable()}. */
    synchronized Optional<Path> executable() {
        return executable.target();
    }

    /** As {@link ProcFiles#controlGroup()}. */
    synchronized Optional<ControlGroup> controlGroup() {
        if (cgroup == NONE) {
            cgroup = libc.openat(directory, address + NAME, READ_ONLY_CLOEXEC);
        }
        int length = cgroup < 0 ? 0 : (int) libc.pread(cgroup, address, TEXT_BYTES, 0);
        if (length <= 0 || length == TEXT_BYTES) {
            return Optional.empty();
        }
        if (group == null || !reads(membership, length)) {
            byte[] content = bytes(length);
            try {
                group = ProcFiles.controlGroup(new String(content, StandardCharsets.UTF_8));
            } catch (IOException e) {
                return Optional.empty();
            }
            membership = content;
        }
        return Optional.of(group);
    }

    /** Gives its descriptors back. */
    synchronized void close() {
        close(directory);
        if (cgroup >= 0) {
            close(cgroup);
        }
    }

    private void close(int descriptor) {
        int ignored = libc.close(descriptor);
    }

    /** Whether what was read is what was read before. */
    private boolean reads(byte[] known, int length) {
        if (known.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[i] != memory.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        memory.get(0, bytes, 0, length);
        return bytes;
    }
}
