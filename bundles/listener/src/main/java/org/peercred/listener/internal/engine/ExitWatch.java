/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.credentials.PeerProcess;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.Source;

/** Learns when the process that was authenticated is gone, even while another one still holds the socket. */
final class ExitWatch extends Source {

    private final Authorization authorization;
    private final int pid;

    ExitWatch(Authorization authorization, EventLoop loop, PeerProcess process) {
        super(loop, process.descriptor());
        this.authorization = authorization;
        this.pid = process.pid();
    }

    /** Watches from now on; false if that cannot be. */
    boolean begin() {
        if (descriptor < 0) {
            return false;
        }
        boolean watched = false;
        try {
            watched = loop.sources.register(this, Epoll.IN);
        } finally {
            if (!watched) {
                abandon();
            }
        }
        return watched;
    }

    @Override
    protected void ready(int events) {
        authorization.exited(pid);
    }

    @Override
    protected void abandon() {
        loop.sources.release(this);
    }
}
