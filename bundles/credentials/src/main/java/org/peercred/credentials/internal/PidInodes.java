/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import jnr.ffi.Pointer;

/**
 * Tells processes apart by the inodes of their pidfds: since Linux 6.9 these lie in a file system of their own, in which an inode is one
 * process for as long as the system runs. May be used by several threads at once.
 */
final class PidInodes {

    /** The file system of pidfds that have an inode each. */
    private static final int PIDFS = 0x50494446;

    private static final int NAME = StatusFields.BYTES;

    private final LibC libc;
    private final ScratchPool scratch;
    private final StatusFields status;
    private volatile Boolean distinct;

    PidInodes(Native system, StatusFields status) {
        libc = system.libc();
        scratch = new ScratchPool(system);
        this.status = status;
    }

    /**
     * The inode of a pidfd.
     *
     * @return 0 where pidfds have none of their own
     */
    long of(int pidDescriptor) {
        ScratchPool.Scratch block = scratch.take();
        try {
            Pointer memory = block.memory;
            Boolean known = distinct;
            if (known == null) {
                known = libc.fstatfs(pidDescriptor, block.address) == 0 && memory.getInt(0) == PIDFS;
                distinct = known;
            }
            memory.putByte(NAME, (byte) 0);
            return known && status.ofDescriptor(pidDescriptor, block.address + NAME, block.address)
                    ? StatusFields.inode(memory, 0)
                    : 0;
        } finally {
            scratch.giveBack(block);
        }
    }
}
