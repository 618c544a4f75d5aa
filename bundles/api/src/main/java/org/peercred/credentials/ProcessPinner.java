/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes hold of processes by number, so that one named in a configuration can never be taken for another that got its number
 * later.
 *
 * <p>May be called by several threads at once. A call takes a few system calls and does not block; still, it belongs to the
 * loading of configurations, not to an event loop.
 */
@ProviderType
public interface ProcessPinner {

    /**
     * Pins the process that has a number now: <a
     * href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a> first, then its start time is read from
     * {@code /proc/PID/stat}, then it is checked that the descriptor's process is still alive, so that the start time is known
     * to be this process's.
     *
     * @param pid a process id in this process's PID namespace, 1 or greater
     * @return the process, observed; absent, with half a sentence that says why, where there is none to pin: no process has
     *     that number, it is a thread's, it is a zombie or ended meanwhile, or the kernel has no pidfd_open (before Linux 5.3)
     * @throws IllegalArgumentException if the pid is less than 1
     * @throws SystemCallException if the kernel answers with another error, such as EMFILE; ask again later
     */
    Fact<PinnedProcess> pin(int pid) throws SystemCallException;
}
