/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;

/**
 * Counts and audits what becomes of the connections of one shard: in one place, so that neither is done without the other.
 * Whatever fails, that is counted by the audit, and the listener goes on. Used on the loop.
 */
final class Ledger {

    private static final String CLOSING = ". Closing connection.";

    private final Listener listener;
    private final Counters counters;

    Ledger(Listener listener, Counters counters) {
        this.listener = listener;
        this.counters = counters;
    }

    /** One was let in. */
    void allowed(Connection connection, Decision decision) {
        counters.allowed();
        if (isWanted(AuditEvent.Type.ALLOWED)) {
            record(AuditEvent.Type.ALLOWED, connection.id(), connection.peer(), decision, Map.of());
        }
    }

    /**
     * One was turned away.
     *
     * @param peer {@code null} if it is not known
     */
    void denied(long id, Peer peer, Decision decision) {
        counters.denied();
        try {
            if (isWanted(AuditEvent.Type.DENIED)) {
                String reason = decision.reason() + CLOSING;
                record(AuditEvent.Type.DENIED, id, peer, AccessRequest.CONNECT, decision.policy(), reason, Map.of());
            }
        } catch (Throwable e) {
            listener.audit().missed(e);
        }
    }

    /** One was turned away, or ended, at a limit. */
    void limited(long id, Peer peer, String reason) {
        counters.limited();
        if (isWanted(AuditEvent.Type.LIMITED)) {
            record(AuditEvent.Type.LIMITED, id, peer, AccessRequest.CONNECT, Optional.empty(), reason, Map.of());
        }
    }

    /** One that was let in may be there no longer. */
    void revoked(Connection connection, Decision decision) {
        record(AuditEvent.Type.REVOKED, connection.id(), connection.peer(), decision, Map.of());
    }

    /** One that was opened is closed. */
    void closed(Connection connection, String reason) {
        try {
            if (isWanted(AuditEvent.Type.CLOSED)) {
                Map<String, String> details = Map.of(
                        "lines", Long.toString(connection.lines()),
                        "millis", Long.toString(connection.age().toMillis()));
                record(
                        AuditEvent.Type.CLOSED,
                        connection.id(),
                        connection.peer(),
                        AccessRequest.CONNECT,
                        Optional.empty(),
                        reason,
                        details);
            }
        } catch (Throwable e) {
            listener.audit().missed(e);
        }
    }

    /** What a service says of a peer. May be called by any thread. */
    void told(Connection connection, String action, Decision decision, Map<String, String> details) {
        try {
            if (isWanted(AuditEvent.Type.COMMAND)) {
                Map<String, String> all = new HashMap<>(details);
                all.putIfAbsent(
                        AuditEvent.RESULT, decision.allowed() ? AuditEvent.RESULT_OK : AuditEvent.RESULT_DENIED);
                record(
                        AuditEvent.Type.COMMAND,
                        connection.id(),
                        connection.peer(),
                        action,
                        decision.policy(),
                        decision.reason(),
                        all);
            }
        } catch (Throwable e) {
            listener.audit().missed(e);
        }
    }

    /** What a service says of a request that it answered. May be called by any thread. */
    void requested(Connection connection, String action, String reason, Map<String, String> details) {
        try {
            if (isWanted(AuditEvent.Type.REQUEST)) {
                record(
                        AuditEvent.Type.REQUEST,
                        connection.id(),
                        connection.peer(),
                        action,
                        Optional.empty(),
                        reason,
                        details);
            }
        } catch (Throwable e) {
            listener.audit().missed(e);
        }
    }

    /** May be called by any thread. */
    boolean isWanted(AuditEvent.Type type) {
        return listener.audit().wants(type);
    }

    private void record(
            AuditEvent.Type type, long connection, Peer peer, Decision decision, Map<String, String> details) {
        record(type, connection, peer, AccessRequest.CONNECT, decision.policy(), decision.reason(), details);
    }

    private void record(
            AuditEvent.Type type,
            long connection,
            Peer peer,
            String action,
            Optional<String> policy,
            String reason,
            Map<String, String> details) {
        try {
            listener.audit()
                    .record(new AuditEvent(
                            Instant.now(),
                            type,
                            listener.name(),
                            connection,
                            peer == null ? Peer.NO_PEER : peer.uid(),
                            peer == null ? Peer.NO_PEER : peer.gid(),
                            peer == null ? OptionalInt.empty() : peer.pid(),
                            action,
                            policy,
                            reason,
                            details));
        } catch (Throwable e) {
            listener.audit().missed(e);
        }
    }
}
