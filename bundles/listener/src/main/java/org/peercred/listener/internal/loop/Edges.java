/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * What a loop is told of one descriptor that other threads use as well: each change once. Not thread-safe: used under the lock under which
 * those use the descriptor and its end takes it from them.
 */
public final class Edges {

    /** What comes in, and the end of it. */
    public static final int INPUT = Epoll.IN | Epoll.READ_HANG_UP | Epoll.EDGE_TRIGGERED;

    private final Epoll epoll;
    private final Source source;

    Edges(Epoll epoll, Source source) {
        this.epoll = epoll;
        this.source = source;
    }

    /**
     * Has the loop be told of something else. What is so by now is told as well. Does nothing while the descriptor is in no set.
     *
     * @param input whether of what comes in; of the end of it, in any case
     * @param room whether of room to write
     * @param scratch room for a {@code struct epoll_event}
     */
    public void change(boolean input, boolean room, NativeBuffer scratch) {
        int interest = (input ? INPUT : INPUT & ~Epoll.IN) | (room ? Epoll.OUT : 0);
        epoll.modify(source.descriptor, interest, Sources.data(source), scratch);
    }
}
