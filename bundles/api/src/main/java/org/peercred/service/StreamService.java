/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that talks in blocking streams, such as a console. Publish it with the property {@link PeercredConstants#SERVICE};
 * listeners whose {@code service.target} matches offer it on their sockets. What can be answered line by line is better off as
 * a {@link LineService}: this one costs a thread for each connection.
 */
@ConsumerType
public interface StreamService {

    /**
     * Serves one connection that was allowed. Called on a daemon thread of its own, which is interrupted when the connection
     * ends. When this returns or throws, the connection is ended after everything written has been sent.
     *
     * @param connection the connection
     * @throws IOException when the connection has ended; whatever is thrown ends it, and is logged unless it had ended already
     */
    void serve(StreamConnection connection) throws IOException;
}
