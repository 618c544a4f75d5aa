/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One connection's side of a {@link ChannelService}: is told when it is worth while to read or write again. What it is told is
 * edge-triggered: once, and again only after something was read, or written, since.
 *
 * <p>All methods are called by the connection's event loop, one at a time, and must not block: what takes time belongs on a thread
 * of the service's own. If one throws, the connection is ended.
 */
@ConsumerType
public interface ChannelSession {

    /**
     * There may be something to read, the end of what the client sends included. Not called again until {@link
     * ChannelConnection#read} was. Sometimes there is nothing all the same.
     */
    void readable();

    /**
     * There may be room to write again. Not called again until {@link ChannelConnection#write} was. Also called where nobody waited
     * for it.
     */
    void writable();

    /**
     * Whether the service is at work for the client, so that the client is not idle though nothing is read or written. Asked when
     * the listener's {@code idle.timeout} has passed, which begins anew if so.
     *
     * @return false unless overridden
     */
    default boolean isBusy() {
        return false;
    }

    /**
     * The connection has ended, for whatever reason. Called once, at last. By then the connection is neither read from nor written to:
     * both throw.
     */
    void closed();
}
