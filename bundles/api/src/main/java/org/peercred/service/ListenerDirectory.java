/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.List;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;

/** The listeners and their open connections, to look at and to end. May be called by any thread but an event loop's. */
@ProviderType
public interface ListenerDirectory {

    /**
     * All configured listeners.
     *
     * @return by name
     */
    List<ListenerReport> listeners();

    /**
     * All open connections.
     *
     * @return by number
     */
    List<ConnectionReport> connections();

    /**
     * Asks an access control, which need not be the one in force, about every open connection. Each is asked about on its event
     * loop, with the facts of its peer; nothing comes of it. Waits as {@link #connections()} does.
     *
     * @param control whom to ask
     * @return by number of the connection
     */
    default List<ConnectionDecision> decisions(AccessControl control) {
        return ask(control::decide).stream()
                .map(one -> new ConnectionDecision(one.connection(), one.answer()))
                .toList();
    }

    /**
     * Asks a question about every open connection, each on its event loop, with the facts of its peer. Waits as {@link #connections()}
     * does.
     *
     * @param <T> the type of answers
     * @param question is given the request to connect, and returns its answer soon: it holds up all that the loop serves
     * @return by number of the connection
     */
    <T> List<ConnectionAnswer<T>> ask(Function<AccessRequest, T> question);

    /**
     * Ends a connection, after the replies that are due. Waits until its event loop has begun to, for 3 seconds at most for
     * each listener, as {@link #connections()} does for what the loops tell.
     *
     * @param connection its number
     * @return false if there is no such open connection
     */
    boolean disconnect(long connection);
}
