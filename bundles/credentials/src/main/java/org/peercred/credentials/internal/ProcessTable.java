/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.peercred.credentials.ControlGroup;

/**
 * What the kernel knows of processes. Every IOException's message is half a sentence for an operator, but for a
 * FileSystemException, which stands for a failure that may pass, such as having no descriptor left.
 *
 * <p>An interface so that a test can have real things happen between two questions. Where a pid stands beside a descriptor, it is the number of that descriptor's process. What is read of a process counts
 * only if the process is alive <em>afterwards</em>, unless it says otherwise. May be used by several threads at once.
 */
interface ProcessTable {

    /**
     * See <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>.
     *
     * @return a new descriptor, close-on-exec, or an error number, negated
     */
    int open(int pid);

    /** Gives back a descriptor. */
    void close(int pidDescriptor);

    /** Whether the process still runs, by {@code poll(2)}; a zombie does not. */
    boolean alive(int pidDescriptor);

    /**
     * What tells a process from all others, as long as the system runs.
     *
     * @return the inode of the pidfd; 0 where the kernel gives it none of its own
     */
    default long identity(int pidDescriptor) {
        return 0;
    }

    /**
     * The number of the parent.
     *
     * @return 0 where the parent is outside of this process's PID namespace
     * @throws IOException if it cannot be told
     */
    int parent(int pidDescriptor, int pid) throws IOException;

    /**
     * The process's own files.
     *
     * @return them
     * @throws IOException if {@code /proc} does not show this process
     */
    ProcFiles files(int pidDescriptor, int pid) throws IOException;

    /**
     * The program that the process executes now, as {@link ProcFiles#executable()} tells it. An answer counts by itself: the process
     * was alive.
     *
     * @return an absolute path
     * @throws IOException if it cannot be told, or the process has ended
     */
    default Path executable(int pidDescriptor, int pid) throws IOException {
        Path read = files(pidDescriptor, pid).executable();
        if (!alive(pidDescriptor)) {
            throw new IOException("the process has ended");
        }
        return read;
    }

    /**
     * Where the process is now in the version 2 tree of control groups, as {@link ProcFiles#controlGroup()} tells it.
     *
     * @return the control group
     * @throws IOException if it cannot be told, or there is none
     */
    default ControlGroup controlGroup(int pidDescriptor, int pid) throws IOException {
        return files(pidDescriptor, pid).controlGroup();
    }
}
