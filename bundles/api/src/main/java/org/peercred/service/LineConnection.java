/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ProviderType;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;

/** One open connection, as its service sees it. All methods may be called by any thread. */
@ProviderType
public interface LineConnection {

    /**
     * The connection's number.
     *
     * @return 1 or greater, never used again while the container runs
     */
    long id();

    /**
     * The name of the listener that accepted the connection.
     *
     * @return the name
     */
    String listener();

    /**
     * Who is connected.
     *
     * @return the peer; facts that nobody read yet may be read on the event loop only
     */
    Peer peer();

    /**
     * Decides whether the peer may do something on this listener. Facts are read from the peer if policies need them: call it
     * on the event loop.
     *
     * @param action for instance {@link org.peercred.access.AccessRequest#command(String)}
     * @return the decision; a refusal when there is nobody to decide
     */
    Decision decide(String action);
}
