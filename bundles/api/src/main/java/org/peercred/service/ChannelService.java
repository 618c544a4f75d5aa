/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that takes a connection's bytes as they are and never waits for them: for servers that have loops and pools of their
 * own, such as a web server. Publish it with the property {@link PeercredConstants#SERVICE}; listeners whose {@code service.target}
 * matches offer it on their sockets. It costs no thread, and no buffer, for a connection on which nothing happens. What can be
 * answered line by line is better off as a {@link LineService}, and what may block as a {@link StreamService}.
 */
@ConsumerType
public interface ChannelService {

    /**
     * Called once for each connection that was allowed, on its event loop, before anything was read. Must not block. If it throws or
     * returns {@code null}, the peer is told {@code Service unavailable}, or {@link LastWords}, and is disconnected.
     *
     * @param connection the connection; it may be read from and written to from now on, by any thread
     * @return is told of what happens on the connection
     */
    ChannelSession open(ChannelConnection connection);
}
