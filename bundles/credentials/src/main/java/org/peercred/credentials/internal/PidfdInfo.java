/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import jnr.ffi.Pointer;
import org.peercred.common.linux.Errno;

/** What {@code PIDFD_GET_INFO} tells of a process, since Linux 6.13 (ioctl_pidfd(2)). May be used by any thread. */
final class PidfdInfo {

    /** The number of the call holds the size of the structure, 64 bytes. */
    private static final long GET_INFO = 0xC040FF0BL;

    private static final int BYTES = 64;
    private static final long PID = 1;
    private static final long CONTROL_GROUP = 1 << 2;
    private static final int CONTROL_GROUP_OFFSET = 8;
    private static final int PARENT_OFFSET = 24;

    private final Native system;
    private final ScratchPool scratch;
    private volatile boolean known = true;

    PidfdInfo(Native system) {
        this.system = system;
        scratch = new ScratchPool(system);
    }

    /**
     * The parent's number.
     *
     * @return 0 if it has none here, negative if the kernel does not tell
     */
    int parent(int pidDescriptor) {
        ScratchPool.Scratch block = scratch.take();
        try {
            return ask(pidDescriptor, PID, block) ? block.memory.getInt(PARENT_OFFSET) : -1;
        } finally {
            scratch.giveBack(block);
        }
    }

    /**
     * The number of the version 2 control group.
     *
     * @return 0 if the kernel does not tell
     */
    long controlGroup(int pidDescriptor) {
        ScratchPool.Scratch block = scratch.take();
        try {
            return ask(pidDescriptor, CONTROL_GROUP, block) ? block.memory.getLong(CONTROL_GROUP_OFFSET) : 0;
        } finally {
            scratch.giveBack(block);
        }
    }

    private boolean ask(int pidDescriptor, long what, ScratchPool.Scratch block) {
        if (!known) {
            return false;
        }
        Pointer memory = block.memory;
        memory.setMemory(0, BYTES, (byte) 0);
        memory.putLong(0, what);
        if (system.libc().ioctl(pidDescriptor, GET_INFO, block.address) == 0) {
            return (memory.getLong(0) & what) != 0;
        }
        // ESRCH may mean that the process has ended, or that it or its parent has no number in this PID namespace:
        // /proc tells these apart.
        // And what is wanting for a moment, as memory may be, is asked for again.
        known = system.errno() != Errno.ENOTTY;
        return false;
    }
}
