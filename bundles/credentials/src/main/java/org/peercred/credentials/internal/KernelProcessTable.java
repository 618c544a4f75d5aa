/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.Pointer;
import org.peercred.common.linux.Errno;

/** Asks the kernel. */
final class KernelProcessTable implements ProcessTable {

    private static final long PIDFD_OPEN = 434;

    /** Linux 6.13: the number of {@code PIDFD_GET_INFO} holds the size of the structure, 64 bytes. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;

    private static final long INFO_PID = 1;
    private static final int INFO_BYTES = 64;
    private static final int INFO_PARENT_OFFSET = 24;

    private static final short POLLIN = 1;

    private final Native system;
    private final LibC libc;
    private final ScratchPool scratch;
    private final boolean askInfo;

    KernelProcessTable(Native system) {
        this(system, true);
    }

    /**
     * Creates the table.
     *
     * @param askInfo whether to ask PIDFD_GET_INFO first; without it, as on older kernels, only {@code /proc} is read
     */
    KernelProcessTable(Native system, boolean askInfo) {
        this.system = system;
        this.libc = system.libc();
        this.scratch = new ScratchPool(system);
        this.askInfo = askInfo;
    }

    @Override
    public int open(int pid) {
        long descriptor = libc.syscall(PIDFD_OPEN, pid, 0);
        return descriptor >= 0 ? (int) descriptor : -system.errno();
    }

    @Override
    public void close(int pidDescriptor) {
        // Linux gives the descriptor back even where close(2) reports an error: never close twice.
        int ignored = libc.close(pidDescriptor);
    }

    @Override
    public boolean alive(int pidDescriptor) {
        ScratchPool.Scratch block = scratch.take();
        try {
            int ready;
            do {
                // struct pollfd: s32 descriptor, s16 events, s16 what happened.
                block.memory.putInt(0, pidDescriptor);
                block.memory.putShort(4, POLLIN);
                block.memory.putShort(6, (short) 0);
                ready = libc.poll(block.address, 1, 0);
            } while (ready < 0 && system.errno() == Errno.EINTR);
            return ready == 0;
        } finally {
            scratch.giveBack(block);
        }
    }

    @Override
    public int parent(int pidDescriptor, int pid) throws IOException {
        if (askInfo) {
            ScratchPool.Scratch block = scratch.take();
            try {
                Pointer memory = block.memory;
                memory.setMemory(0, INFO_BYTES, (byte) 0);
                memory.putLong(0, INFO_PID);
                if (libc.ioctl(pidDescriptor, PIDFD_GET_INFO, block.address) != 0) {
                    if (system.errno() == Errno.ESRCH) {
                        throw new IOException("the process has ended");
                    }
                    // Anything else: this kernel is older, or answers otherwise. /proc knows as well.
                } else if ((memory.getLong(0) & INFO_PID) != 0) {
                    return memory.getInt(INFO_PARENT_OFFSET);
                }
            } finally {
                scratch.giveBack(block);
            }
        }
        return files(pidDescriptor, pid).parent();
    }

    /**
     * The kernel's own note on the descriptor tells the number that the process has in the PID namespace of {@code /proc}.
     * Where that is another number, {@code /proc/PID} is a stranger's.
     */
    @Override
    public ProcFiles files(int pidDescriptor, int pid) throws IOException {
        String shown = Files.readString(Path.of("/proc/self/fdinfo", Integer.toString(pidDescriptor)))
                .lines()
                .filter(line -> line.startsWith("Pid:"))
                .map(line -> line.substring("Pid:".length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("the descriptor is no pidfd"));
        if (shown.equals("-1")) {
            throw new IOException("the process has ended");
        }
        if (!shown.equals(Integer.toString(pid))) {
            throw new IOException("/proc shows the processes of another PID namespace");
        }
        return new ProcFiles(Path.of("/proc", shown));
    }
}
