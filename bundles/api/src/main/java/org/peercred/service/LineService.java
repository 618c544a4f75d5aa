/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that answers lines. Publish it with the property {@link PeercredConstants#SERVICE}; listeners whose {@code service.target}
 * matches offer it on their sockets.
 */
@ConsumerType
public interface LineService {

    /**
     * Called once for each connection that was allowed, on its event loop, before its first line. If it throws or returns
     * {@code null}, the peer is told {@code Service unavailable}, or {@link LastWords}, and is disconnected.
     *
     * @param connection the connection
     * @return what answers this connection's lines
     */
    LineSession open(PeerConnection connection);
}
