/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A process pinned by a pidfd. Facts are read from {@code /proc} and count only if the process was still alive
 * <em>after</em> they were read, so none can be another process's that got the same number.
 *
 * <p>Threads and lifetime are those of the {@link Peer} it came from.
 */
@ProviderType
public interface PeerProcess {

    /**
     * The process id in this process's PID namespace.
     *
     * @return 1 or greater
     */
    int pid();

    /**
     * The pidfd, for a poll or epoll set: it becomes readable when the process ends (see <a
     * href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>). It belongs to the peer and must
     * not be closed.
     *
     * @return an open descriptor, -1 once the peer is closed
     */
    int descriptor();

    /**
     * A number that is this process's alone for as long as the system runs, whoever gets its {@link #pid()} later: the inode of its pidfd, which the
     * kernel gives each process since Linux 6.9. One {@code fstat(2)} the first time; may be called on an event loop.
     *
     * @return 0 where the kernel has none, or the peer was closed before anyone asked
     */
    long identity();

    /**
     * Whether the process still runs; a zombie does not.
     *
     * @return {@code false} also after the peer was closed
     */
    boolean alive();

    /**
     * When the process started: clock ticks since boot, field 22 of {@code /proc/PID/stat} (see <a
     * href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>).
     *
     * @return ticks, observed
     */
    Fact<Long> startTime();

    /**
     * What the process executed when this was first asked, from {@code /proc/PID/exe}. A process can execute another program at any
     * time: good enough to restrict access, never to grant it.
     *
     * <p>The path counts only if it leads, from this process, to the very file that is executed: what was deleted or replaced
     * since, or lies under that path in another mount namespace only, is another program.
     *
     * @return an absolute path, observed; absent, with the reason, where it is another program's or the kernel does not show
     *     it to this process
     */
    Fact<Path> executable();

    /**
     * The version 2 control group in which the process was when this was first asked, from {@code /proc/PID/cgroup}.
     *
     * @return the control group, observed
     */
    Fact<ControlGroup> controlGroup();

    /**
     * The process's ancestors, nearest first, each hop verified: the parent was pinned before the child was asked again
     * and still named it. The walk ends below process 1.
     *
     * @return the ancestors, observed; absent when one died during the walk, or where there are more than 64
     */
    Fact<List<Ancestor>> ancestors();

    /**
     * One process above the peer.
     *
     * @param pid 2 or greater
     * @param startTime clock ticks since boot
     */
    record Ancestor(int pid, long startTime) {}
}
