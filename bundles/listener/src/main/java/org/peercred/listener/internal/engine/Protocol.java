/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.loop.Edges;
import org.peercred.listener.internal.loop.Epoll;

/** What the bytes of a connection mean. Called on the loop. */
public interface Protocol {

    /** What a connection listens for while nothing is left to send. */
    enum Interest {
        /** What the client sends. */
        INPUT(Epoll.IN),
        /** The client's end and nothing else: an answer of the service is outstanding, or it asked to end with its client. */
        END(Epoll.HANG_UP),
        /** Nothing, not even the client's end, until another turn is asked for. */
        NOTHING(0),
        /**
         * What comes in, told once to {@link #edge}: others than the loop read and write. Of room {@link SharedSocket} has the loop told
         * while somebody waits for it.
         */
        EDGES(Edges.INPUT);

        final int events;

        Interest(int events) {
            this.events = events;
        }
    }

    /**
     * It is the connection's turn: goes on with what there is already, kept or come from the service.
     *
     * @return whether the client's next bytes are to be read; false if anything is left to send
     */
    boolean resume();

    /** Ends the connection if the service has ended it, and does nothing else: it has to wait for the audit, which its end has not. */
    default void settle() {}

    /**
     * The descriptor changed; called where the interest is {@link Interest#EDGES}, and nothing else is then done about it.
     *
     * @param input whether there may be something to read, the end included
     * @param output whether there may be room to write
     */
    default void edge(boolean input, boolean output) {}

    /** The descriptor was put into the loop's set, anew or again, with what {@link #interest} says and nothing else. */
    default void watched() {}

    /**
     * Takes what was read.
     *
     * @param bytes on the heap, from index 0; valid during the call only
     * @param count how many
     */
    void received(ByteBuffer bytes, int count);

    /** The client sends no more. */
    void ended();

    /**
     * What to listen for now.
     *
     * @return counts while nothing is left to send
     */
    Interest interest();

    /** Whether the service is at work for the client, so that the client is not idle. */
    default boolean isBusy() {
        return false;
    }

    /**
     * Last words are about to be made: whoever waits for the client with bytes that they would have to come behind is to wait no
     * longer. The service itself learns of the end only when they are made.
     */
    default void endWrites() {}

    /** What the service has written and nobody has sent yet, before last words are: they come behind it. */
    default void handOver() {}

    /** The connection is over; may throw what the service throws. */
    void closed();
}
