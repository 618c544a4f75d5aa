/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.LoopQuestion;
import org.peercred.service.LastWords;
import org.peercred.service.PeerConnection;

/**
 * A connection as its service sees it. May be used by any thread: what decisions and roles rest on is read on the connection's loop, unless
 * a kind of service is used to another way.
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
        return connection.shard.listener.name();
    }

    @Override
    public final Peer peer() {
        return connection.peer();
    }

    @Override
    public Decision decide(String action) {
        Objects.requireNonNull(action);
        EventLoop loop = connection.loop;
        if (loop.isCurrent()) {
            return decideHere(action);
        }
        try {
            return LoopQuestion.ask(loop, () -> decideHere(action));
        } catch (LoopQuestion.NoAnswerException e) {
            return Listener.refusal("no decision could be had: " + e.getMessage());
        }
    }

    @Override
    public Set<String> roles() {
        EventLoop loop = connection.loop;
        if (loop.isCurrent()) {
            return rolesHere();
        }
        try {
            return LoopQuestion.ask(loop, this::rolesHere);
        } catch (LoopQuestion.NoAnswerException e) {
            throw new IllegalStateException("No roles could be had: " + e.getMessage(), e);
        }
    }

    @Override
    public final void audit(String action, Decision decision, Map<String, String> details) {
        connection.shard.ledger.told(
                connection, Objects.requireNonNull(action), Objects.requireNonNull(decision), details);
    }

    @Override
    public final String deniedMessage() {
        return connection.settings().deniedMessage();
    }

    @Override
    public final void auditRequest(String action, String reason, Map<String, String> details) {
        connection.shard.ledger.requested(
                connection, Objects.requireNonNull(action), Objects.requireNonNull(reason), details);
    }

    @Override
    public final boolean auditsRequests() {
        return connection.shard.ledger.isWanted(AuditEvent.Type.REQUEST);
    }

    @Override
    public final void countRequest() {
        connection.shard.counters().requested();
    }

    @Override
    public final void lastWords(LastWords words) {
        connection.ending.lastWords(Objects.requireNonNull(words));
    }

    /** Decides on the calling thread, which reads what facts are asked for. */
    protected final Decision decideHere(String action) {
        return connection.shard.decide(peer(), action);
    }

    /** Works the roles out on the calling thread, which reads what facts are asked for. */
    protected final Set<String> rolesHere() {
        return connection.shard.listener.rolesOf(peer());
    }
}
