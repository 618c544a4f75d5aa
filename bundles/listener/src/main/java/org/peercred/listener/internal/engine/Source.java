/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

/** A descriptor in an event loop's set. Touched by the loop's thread alone. */
abstract class Source {

    final EventLoop loop;
    final int descriptor;

    /** Tells this source's events from those of an earlier source with the same descriptor; given by the loop. */
    int generation;

    /** What the epoll set watches for now; 0 when the descriptor is not in it. */
    int interest;

    /** When something last happened, by the loop's clock; orders {@link SourceList}. */
    long touched;

    Source previous;
    Source next;

    Source(EventLoop loop, int descriptor) {
        this.loop = loop;
        this.descriptor = descriptor;
    }

    /**
     * Something happened on the descriptor.
     *
     * @param events bits of epoll_ctl(2)
     */
    abstract void ready(int events);

    /** The loop ends now: close the descriptor. */
    abstract void abandon();
}
