/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.credentials.PeerProcess;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.socket.LibC;

/**
 * The watches over processes of one loop. A process that connects again is watched once for all its connections, by a pidfd of the loop's own,
 * so that the next of them costs no change of the epoll set. It is known again by its identity, never by its number, which another process
 * may have by now; where the kernel has no identity to tell, each connection has a watch to itself.
 */
final class ExitWatches {

    /** So many processes are watched for several connections, and for a next one after the last has ended. */
    static final int MOST = 16;

    /** So many processes are remembered to have connected. A power of two. */
    private static final int SEEN = 64;

    private static final int F_DUPFD_CLOEXEC = 1030;

    private final EventLoop loop;
    private final LibC libc;
    private final ProcessWatch[] shared = new ProcessWatch[MOST];
    private final long[] seen = new long[SEEN];
    private long turn;

    ExitWatches(EventLoop loop, LibC libc) {
        this.loop = loop;
        this.libc = libc;
    }

    /**
     * Watches a process from now on.
     *
     * @param authorization is told when the process has ended
     * @param process to watch; its descriptor outlives the watch
     * @return to be ended; {@code null} if the kernel has no room, or the process is not held any more
     */
    ExitWatch begin(Authorization authorization, PeerProcess process) {
        ExitWatch part = new ExitWatch(authorization, process.pid());
        int descriptor = process.descriptor();
        if (descriptor < 0) {
            return null;
        }
        ProcessWatch watch = together(process.identity(), descriptor);
        if (watch == null) {
            watch = register(new ProcessWatch(this, loop, descriptor, 0));
        }
        if (watch == null) {
            return null;
        }
        watch.joined = ++turn;
        watch.join(part);
        return part;
    }

    /** Takes a watch out of the loop, and gives its descriptor back if that is the loop's own. */
    void drop(ProcessWatch watch) {
        for (int i = 0; watch.isShared() && i < MOST; i++) {
            if (shared[i] == watch) {
                shared[i] = null;
            }
        }
        if (watch.isShared()) {
            loop.sources.close(watch);
        } else {
            loop.sources.release(watch);
        }
    }

    /** The one for all connections of a process, if there is one, or can be one now. */
    private ProcessWatch together(long identity, int descriptor) {
        if (identity == 0) {
            return null;
        }
        for (ProcessWatch watch : shared) {
            if (watch != null && watch.identity == identity) {
                return watch;
            }
        }
        int place = isSeen(identity) ? place() : -1;
        if (place < 0) {
            return null;
        }
        int own = libc.fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
        if (own < 0) {
            return null;
        }
        ProcessWatch fresh = null;
        try {
            fresh = register(new ProcessWatch(this, loop, own, identity));
        } finally {
            if (fresh == null) {
                libc.close(own);
            }
        }
        if (fresh != null) {
            if (shared[place] != null) {
                drop(shared[place]);
            }
            shared[place] = fresh;
        }
        return fresh;
    }

    private ProcessWatch register(ProcessWatch watch) {
        boolean watched = false;
        try {
            watched = loop.sources.register(watch, Epoll.IN);
        } finally {
            if (!watched) {
                loop.sources.release(watch);
            }
        }
        return watched ? watch : null;
    }

    /** Whether it has connected before. Remembers it. */
    private boolean isSeen(long identity) {
        int place = (int) identity & (SEEN - 1);
        boolean known = seen[place] == identity;
        seen[place] = identity;
        return known;
    }

    /** A free place, or that of the watch that nobody has joined for the longest time and nobody needs now; -1 without any. */
    private int place() {
        int place = -1;
        for (int i = 0; i < MOST; i++) {
            if (shared[i] == null) {
                return i;
            }
            if (shared[i].isEmpty() && (place < 0 || shared[i].joined < shared[place].joined)) {
                place = i;
            }
        }
        return place;
    }
}
