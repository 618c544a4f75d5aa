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
     * @return the peer: its ids, groups and security label as at connect, for any thread, after the connection has ended too; the
     *     process is absent
     */
    Peer peer();

    /**
     * The caller's roles on this listener when the command was granted: as its turn came, where it had to wait.
     *
     * @return names of roles; unmodifiable
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
     * Adds a line to the reply, which is sent when the command has returned. What is added later is lost.
     *
     * @param line a text; line breaks in it make several lines
     * @throws RuntimeException if the reply gets longer than 16 MiB, or nobody waits for it any more, which is noticed now and then:
     *     let it pass, it is answered and recorded as what it is
     */
    void reply(String line);
}
