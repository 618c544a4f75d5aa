/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import jnr.ffi.Pointer;
import org.peercred.common.linux.Platform;

/** Reads {@code struct stat}, of which the first two fields say which file it is, and are the same wherever this runs. */
final class StatusFields {

    /** Room for it. */
    static final int BYTES = 144;

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int DEVICE = 0;
    private static final int INODE = 8;

    private final LibC libc;
    private final long newfstatat;
    private final boolean arm;

    /** By the number of the call: older C libraries have no function for it. */
    StatusFields(LibC libc) {
        this.libc = libc;
        arm = Platform.isOn(Platform.Processor.AARCH64);
        newfstatat = arm ? 79 : 262;
    }

    /**
     * Reads what a name leads to, in a directory or by its path.
     *
     * @param directory a descriptor
     * @param name where it stands in memory
     * @param target for {@link #BYTES}
     * @return whether that worked
     */
    boolean ofFile(int directory, long name, long target) {
        return libc.syscall(newfstatat, directory, name, target, 0) == 0;
    }

    /** Reads what a path leads to, likewise. */
    boolean ofPath(long path, long target) {
        return ofFile(AT_FDCWD, path, target);
    }

    /** Reads what stands at a path, likewise: where that is a link, the link itself. */
    boolean ofName(long path, long target) {
        return libc.syscall(newfstatat, AT_FDCWD, path, target, AT_SYMLINK_NOFOLLOW) == 0;
    }

    /** Reads what a descriptor is of, likewise. */
    boolean ofDescriptor(int descriptor, long empty, long target) {
        return libc.syscall(newfstatat, descriptor, empty, target, AT_EMPTY_PATH) == 0;
    }

    /** How many names the file has: hard links. */
    long names(Pointer memory, int at) {
        return arm ? memory.getInt(at + 20) : memory.getLong(at + 16);
    }

    /** The number of a file in its file system. */
    static long inode(Pointer memory, int at) {
        return memory.getLong(at + INODE);
    }

    /** Whether two that were read are one file: the same inode on the same device. */
    static boolean isSameFile(Pointer memory, int one, int other) {
        return inode(memory, one) == inode(memory, other)
                && memory.getLong(one + DEVICE) == memory.getLong(other + DEVICE);
    }
}
