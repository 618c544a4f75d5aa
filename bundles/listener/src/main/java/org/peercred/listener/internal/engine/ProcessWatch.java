/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.Source;

/**
 * A pidfd in an epoll set: learns when the process that was authenticated is gone, even while another one still holds its socket, and tells
 * the connections that it was authenticated for.
 */
final class ProcessWatch extends Source {

    /** So many connections end in one turn: what is left is told of in the next, as a pidfd stays readable. */
    private static final int TURN = 64;

    /** What tells the process from all others; 0 where this is for one connection only. */
    final long identity;

    /** The greater, the later somebody joined. */
    long joined;

    private final ExitWatches all;
    private ExitWatch first;

    ProcessWatch(ExitWatches all, EventLoop loop, int descriptor, long identity) {
        super(loop, descriptor);
        this.all = all;
        this.identity = identity;
    }

    boolean isShared() {
        return identity != 0;
    }

    boolean isEmpty() {
        return first == null;
    }

    void join(ExitWatch part) {
        part.watch = this;
        part.next = first;
        if (first != null) {
            first.previous = part;
        }
        first = part;
    }

    void leave(ExitWatch part) {
        if (part.previous == null) {
            first = part.next;
        } else {
            part.previous.next = part.next;
        }
        if (part.next != null) {
            part.next.previous = part.previous;
        }
        part.previous = null;
        part.next = null;
        part.watch = null;
        if (!isShared()) {
            all.drop(this);
        }
    }

    @Override
    protected void ready(int events) {
        for (int i = 0; i < TURN && first != null; i++) {
            ExitWatch part = first;
            leave(part);
            part.authorization.exited(part.pid);
        }
        if (first == null) {
            all.drop(this);
        }
    }

    @Override
    protected void abandon() {
        all.drop(this);
    }
}
