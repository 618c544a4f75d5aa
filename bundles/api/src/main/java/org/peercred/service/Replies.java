/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes the answer to one line, or to several. Bytes are sent in the order in which they were put; all answers to what one read
 * brought go out in one write.
 *
 * <p>Used on the event loop, during {@link LineSession#line} and {@link BatchLineSession#lines} only: at any other time, and on
 * any other thread, all methods throw {@link IllegalStateException}. {@link Deferred} is for other threads.
 */
@ProviderType
public interface Replies {

    /**
     * Adds bytes.
     *
     * @param bytes from position to limit; the position is moved to the limit
     * @return this
     */
    Replies put(ByteBuffer bytes);

    /**
     * Adds bytes.
     *
     * @param bytes all of them
     * @return this
     */
    Replies put(byte[] bytes);

    /**
     * Adds one byte.
     *
     * @param value the byte
     * @return this
     */
    Replies put(byte value);

    /**
     * Adds lines as they are, each behind a prefix: the first, and then as many as the listener's {@code write.buffer} has room
     * for.
     *
     * @param prefix what stands before each line; may be empty
     * @param lines whole lines, each with its {@code \n}, from position to limit; the position is moved behind those added
     * @return how many were added, 1 or greater
     * @throws IllegalArgumentException if there is no line, or the last one has no {@code \n}
     */
    int putLines(byte[] prefix, ByteBuffer lines);

    /**
     * Announces that the rest of the answer comes later, from another thread. Until it has come no further line of this
     * connection is read, and other connections are served meanwhile. At most once a line, or once a call of {@link BatchLineSession#lines}.
     *
     * @return takes the rest of the answer
     * @throws IllegalStateException if an answer is owed already
     */
    Deferred defer();

    /** Ends the connection after everything put so far has been sent. Lines already received are not answered. */
    void end();

    /** The rest of an answer. */
    @ProviderType
    interface Deferred {

        /**
         * Says how many bytes of the answer were collected so far, so that they count among what is kept for this client: the
         * engine's {@code write.buffer.total} and {@code write.buffer.per.uid}. Not needed for an answer of a few KiB. May be
         * called by any thread.
         *
         * @param size bytes, 0 or greater; in place of what was said before
         * @return false if the connection has ended, or the answer was given already, or would be more than an array holds: it is
         *     of no use to go on
         */
        boolean reserve(long size);

        /**
         * Sends the rest of the answer and lets the connection go on. May be called by any thread, once; further calls, and a
         * call after the connection has ended, do nothing.
         *
         * @param bytes all of them; must not be changed afterwards
         */
        void complete(byte[] bytes);
    }
}
