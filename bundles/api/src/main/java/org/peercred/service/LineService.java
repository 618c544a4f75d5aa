/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that answers lines. Publish it with the property {@link #PROPERTY}; listeners whose {@code service.target}
 * matches offer it on their sockets.
 */
@ConsumerType
public interface LineService {

    /** The service property that names what is offered, for instance {@code echo}. */
    String PROPERTY = "peercred.service";

    /**
     * Called once for each connection that was allowed, on its event loop, before its first line. If it throws, the peer is
     * told {@code Service unavailable} and is disconnected.
     *
     * @param connection the connection
     * @return what answers this connection's lines
     */
    LineSession open(LineConnection connection);
}
