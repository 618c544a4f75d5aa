/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.peercred.common.linux.Errno;
import org.peercred.credentials.ControlGroup;

/** Asks the kernel. */
final class KernelProcessTable implements ProcessTable {

    private static final long PIDFD_OPEN = 434;

    private static final short POLLIN = 1;

    private static final int AT_FDCWD = -100;
    private static final int O_PATH_CLOEXEC = 010000000 | 02000000;

    private final Native system;
    private final LibC libc;
    private final ScratchPool scratch;
    private final boolean askInfo;
    private final HeldProcesses held;
    private final PidfdInfo info;
    private final ControlGroupIds groups;

    KernelProcessTable(Native system) {
        this(system, true);
    }

    /**
     * Creates the table.
     *
     * @param askInfo whether to ask PIDFD_GET_INFO first, and to hold processes by the inodes of their pidfds; without it, as on
     *     older kernels, only {@code /proc} is read, by number
     */
    KernelProcessTable(Native system, boolean askInfo) {
        this.system = system;
        this.libc = system.libc();
        this.scratch = new ScratchPool(system);
        this.askInfo = askInfo;
        this.held = new HeldProcesses(system);
        this.info = new PidfdInfo(system);
        this.groups = new ControlGroupIds(info);
    }

    @Override
    public int open(int pid) {
        long descriptor = libc.syscall(PIDFD_OPEN, pid, 0, 0, 0);
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
    public long identity(int pidDescriptor) {
        return askInfo ? held.identity(pidDescriptor) : 0;
    }

    @Override
    public int parent(int pidDescriptor, int pid) throws IOException {
        if (askInfo) {
            int parent = info.parent(pidDescriptor);
            if (parent >= 0) {
                return parent;
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

    @Override
    public Path executable(int pidDescriptor, int pid) throws IOException {
        Optional<Path> told = askInfo
                ? held.ask(pidDescriptor, () -> directory(pidDescriptor, pid), HeldProcess::executable)
                : Optional.empty();
        return told.isPresent() ? told.get() : ProcessTable.super.executable(pidDescriptor, pid);
    }

    @Override
    public ControlGroup controlGroup(int pidDescriptor, int pid) throws IOException {
        return askInfo
                ? groups.of(pidDescriptor, () -> readControlGroup(pidDescriptor, pid))
                : files(pidDescriptor, pid).controlGroup();
    }

    private ControlGroup readControlGroup(int pidDescriptor, int pid) throws IOException {
        Optional<ControlGroup> told =
                held.ask(pidDescriptor, () -> directory(pidDescriptor, pid), HeldProcess::controlGroup);
        return told.isPresent() ? told.get() : files(pidDescriptor, pid).controlGroup();
    }

    /** Holds no process any more, and gives its descriptors back. Whoever asks later is told all the same. */
    void letGo() {
        held.close();
    }

    /** Opened by its number, it is that process's directory if the process lives afterwards. */
    private int directory(int pidDescriptor, int pid) throws IOException {
        byte[] name = (files(pidDescriptor, pid).directory() + "\0").getBytes(StandardCharsets.US_ASCII);
        ScratchPool.Scratch block = scratch.take();
        int directory;
        try {
            block.memory.put(0, name, 0, name.length);
            directory = libc.openat(AT_FDCWD, block.address, O_PATH_CLOEXEC);
        } finally {
            scratch.giveBack(block);
        }
        if (directory >= 0 && !alive(pidDescriptor)) {
            close(directory);
            throw new IOException("the process has ended");
        }
        return directory;
    }
}
