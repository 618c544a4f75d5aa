/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Puts into a protocol's own words why a listener ends a connection, or does not begin it. Without, clients get a line of plain
 * text.
 *
 * <p>A {@link LineService}, {@link StreamService} or {@link ChannelService} that implements it speaks to all clients of the listeners
 * that offer it, also to those who are turned away and never reach it. For one connection {@link PeerConnection#lastWords} puts another in its place.
 */
@ConsumerType
public interface LastWords {

    /** Why the listener ends a connection. */
    enum Cause {
        /** The peer may not connect. */
        DENIED,
        /** There are too many connections or threads, or too much was sent or is kept for the peer. */
        LIMITED,
        /** The service is not there, has gone, or failed when the connection was opened. */
        UNAVAILABLE,
        /** The peer may be connected no longer. */
        REVOKED,
        /** Nothing happened for as long as the listener's {@code idle.timeout}. */
        IDLE,
        /** An operator ended it. */
        DISCONNECTED,
        /** The listener stops. */
        STOPPED
    }

    /**
     * What to send at last, behind what was sent before, and in front of the end of the stream.
     *
     * <p>Called on event loops, several at once, and must not block; perhaps once more while the service is being withdrawn. If it
     * throws, nothing is sent.
     *
     * @param cause why
     * @param text what a client of a plain protocol is told, one line without its end; the empty string if nothing
     * @return the bytes, not changed afterwards; none to say nothing
     */
    byte[] lastWords(Cause cause, String text);
}
