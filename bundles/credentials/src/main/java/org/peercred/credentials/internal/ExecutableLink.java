/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import jnr.ffi.Pointer;

/**
 * The link {@code exe} in the held directory of a process. Which file it leads to is looked at for each question, and which file
 * its target leads to from here. The link itself, which is dear to read, is read again unless its target is bound to be the same:
 * where that leads to the executed file still, is no link itself, and is the only name of that file. A file with several names may
 * have been executed anew by another of them. What the process executes is looked at last: while that can be told, the process has not
 * ended. Not thread-safe.
 */
final class ExecutableLink {

    /** As much of a link as is read; what is longer is not told. */
    private static final int LINK_BYTES = 4096;

    private static final int EXECUTED = LINK_BYTES;
    private static final int NAMED = EXECUTED + StatusFields.BYTES;
    private static final int NAME = NAMED + StatusFields.BYTES;
    private static final int BYTES = NAME + 8;
    private static final byte[] EXE = "exe\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

    private final LibC libc;
    private final StatusFields status;
    private final int directory;
    private final Pointer memory;
    private final long address;
    private Path target;

    /**
     * Asks in a directory.
     *
     * @param directory a descriptor, which stays the caller's
     */
    ExecutableLink(Native system, StatusFields status, int directory) {
        this.libc = system.libc();
        this.status = status;
        this.directory = directory;
        memory = system.allocate(BYTES);
        address = memory.address();
        memory.put(NAME, EXE, 0, EXE.length);
    }

    /** As {@link ProcFiles#executable()}; empty where the reason has to be asked for there. */
    Optional<Path> target() {
        boolean known = target != null
                && status.ofName(address, address + NAMED)
                && status.ofFile(directory, address + NAME, address + EXECUTED)
                && StatusFields.isSameFile(memory, EXECUTED, NAMED)
                && status.names(memory, EXECUTED) == 1;
        return known ? Optional.of(target) : read();
    }

    private Optional<Path> read() {
        target = null;
        int length = (int) libc.readlinkat(directory, address + NAME, address, LINK_BYTES - 1);
        if (length <= 0 || length == LINK_BYTES - 1) {
            return Optional.empty();
        }
        memory.putByte(length, (byte) 0);
        boolean same = status.ofPath(address, address + NAMED)
                && status.ofFile(directory, address + NAME, address + EXECUTED)
                && StatusFields.isSameFile(memory, EXECUTED, NAMED);
        if (same) {
            target = path(length);
        }
        return Optional.ofNullable(target);
    }

    /** What other bytes than those of ASCII mean as a path is left to the runtime. */
    private Path path(int length) {
        byte[] name = new byte[length];
        memory.get(0, name, 0, length);
        if (name[0] != '/' || endsDeleted(name)) {
            return null;
        }
        for (byte b : name) {
            if (b < ' ') {
                return null;
            }
        }
        return Path.of(new String(name, StandardCharsets.US_ASCII));
    }

    private static boolean endsDeleted(byte[] name) {
        int from = name.length - DELETED.length;
        return from >= 0 && Arrays.equals(name, from, name.length, DELETED, 0, DELETED.length);
    }
}
