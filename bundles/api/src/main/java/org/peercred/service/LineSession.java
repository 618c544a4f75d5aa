/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One connection's side of a {@link LineService}.
 *
 * <p>All methods are called by the connection's event loop, one at a time, and must not block: what takes time belongs on
 * another thread, see {@link Replies#defer()}. If one throws, the connection is closed.
 */
@ConsumerType
public interface LineSession {

    /**
     * Answers one line.
     *
     * @param line the bytes of the line without its {@code \n}, from position to limit; valid during the call only
     * @param replies takes the answer; valid during the call only
     */
    void line(ByteBuffer line, Replies replies);

    /**
     * The connection has ended, for whatever reason. Called once, after the last line; answers that are still owed are of no use any
     * more.
     */
    default void closed() {}
}
