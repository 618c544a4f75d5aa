/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.LoopQuestion;
import org.peercred.service.LastWords;
import org.peercred.service.PeerConnection;

/**
 * A connection as its service sees it. May be used by any thread: what only the connection's loop may work out is asked there.
 */
public class ServiceConnection implements PeerConnection {

    private final Connection connection;

    /**
     * Creates the service's side of a connection.
     *
     * @param connection the connection
     */
    public ServiceConnection(Connection connection) {
        this.connection = connection;
    }

    @Override
    public final long id() {
        return connection.id();
    }

    @Override
    public final String listener() {
        return shard().listener.name();
    }

    @Override
    public final Peer peer() {
        return connection.peer();
    }

    @Override
    public final Decision decide(String action) {
        Objects.requireNonNull(action);
        EventLoop loop = connection.loop;
        if (loop.isCurrent()) {
            return shard().decide(peer(), action);
        }
        try {
            return LoopQuestion.ask(loop, () -> shard().decide(peer(), action));
        } catch (LoopQuestion.NoAnswerException e) {
            return Listener.refusal("no decision could be had: " + e.getMessage());
        }
    }

    @Override
    public final Set<String> roles() {
        EventLoop loop = connection.loop;
        if (loop.isCurrent()) {
            return shard().listener.rolesOf(peer());
        }
        try {
            return LoopQuestion.ask(loop, () -> shard().listener.rolesOf(peer()));
        } catch (LoopQuestion.NoAnswerException e) {
            throw new IllegalStateException("No roles could be had: " + e.getMessage(), e);
        }
    }

    @Override
    public final void audit(String action, Decision decision, Map<String, String> details) {
        shard().ledger.told(connection, Objects.requireNonNull(action), Objects.requireNonNull(decision), details);
    }

    @Override
    public final void lastWords(LastWords words) {
        connection.ending().lastWords(Objects.requireNonNull(words));
    }

    private Shard shard() {
        return connection.shard();
    }
}
