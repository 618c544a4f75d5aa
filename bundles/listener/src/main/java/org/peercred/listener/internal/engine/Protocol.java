/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;

/** What the bytes of a connection mean. Called on the loop. */
interface Protocol {

    /**
     * The client has sent something, or has gone; nothing is left to send.
     *
     * @param events bits of epoll_ctl(2)
     */
    void ready(int events);

    /**
     * Takes what was read.
     *
     * @param bytes on the heap, from index 0; valid during the call only
     * @param count how many
     */
    void received(ByteBuffer bytes, int count);

    /** The client sends no more. */
    void ended();

    /** The client has taken some of what was left to send. */
    void sent();

    /** What to wait for while nothing is left to send, in bits of epoll_ctl(2). */
    int interest();

    /** Whether an answer of the service is outstanding. */
    boolean isAnswering();

    /** Lines answered so far. */
    long lines();

    /** The connection is over; may throw what the service throws. */
    void closed();
}
