/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.peercred.credentials.Peer;

/** One call of a {@link PeerCommand}. Used by the thread that runs the command. */
@ProviderType
public interface CommandCall {

    /**
     * Who called.
     *
     * @return the peer; only facts that were read already, and its ids, are there
     */
    Peer peer();

    /**
     * The caller's roles when the command was admitted.
     *
     * @return names of roles
     */
    Set<String> roles();

    /**
     * The listener that the call came through.
     *
     * @return its name
     */
    String listener();

    /**
     * What followed the command's name.
     *
     * @return the rest of the line without blanks around it; decoded as UTF-8; chosen by the client
     */
    String arguments();

    /**
     * Adds a line to the reply.
     *
     * @param line a text; line breaks in it make several lines
     */
    void reply(String line);
}
