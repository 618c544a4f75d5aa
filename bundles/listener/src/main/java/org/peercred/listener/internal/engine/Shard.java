/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Printable;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LineService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener's part of one loop: its connections there, in the order in which they were last active. */
final class Shard implements Timed {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    final EventLoop loop;
    final Listener listener;
    private final Counters counters = new Counters();
    private final Latency latency = new Latency();
    private final SourceList<Connection> connections = new SourceList<>();
    private String deniedFor;
    private byte[] deniedBytes;
    private final AtomicBoolean recheckPending = new AtomicBoolean();
    /** As the loop has it: a new timeout counts from when the loop learned of it. */
    private long idleNanos;

    Shard(Listener listener, EventLoop loop) {
        this.listener = listener;
        this.loop = loop;
        this.idleNanos = settings().idleTimeout().toNanos();
    }

    ListenerSettings settings() {
        return listener.settings();
    }

    String listenerName() {
        return listener.name();
    }

    Latency latency() {
        return latency;
    }

    Counters counters() {
        return counters;
    }

    String deniedMessage() {
        return settings().deniedMessage() + "\n";
    }

    /** The denied message as it is sent, made anew only when it has changed. Called on the loop. */
    byte[] deniedBytes() {
        String message = settings().deniedMessage();
        if (!message.equals(deniedFor)) {
            deniedFor = message;
            deniedBytes = deniedMessage().getBytes(StandardCharsets.UTF_8);
        }
        return deniedBytes;
    }

    Decision decide(Peer peer, String action) {
        return listener.decide(peer, action);
    }

    boolean offers(LineService service) {
        return listener.collaborators().services().contains(service);
    }

    void opened(Connection connection) {
        connections.add(connection, loop.now());
    }

    void touch(Connection connection) {
        if (idleNanos != 0) {
            connections.touch(connection, loop.now());
        }
    }

    void closed(Connection connection, String reason, long nanos, long lines) {
        connections.remove(connection);
        listener.admission().leave(connection.peer().uid());
        if (listener.audit().wants(AuditEvent.Type.CLOSED)) {
            Map<String, String> details =
                    Map.of("lines", Long.toString(lines), "millis", Long.toString(nanos / 1_000_000));
            listener.record(
                    AuditEvent.Type.CLOSED, connection.id(), connection.peer(), Optional.empty(), reason, details);
        }
    }

    void audit(AuditEvent.Type type, Connection connection, String reason) {
        listener.record(type, connection.id(), connection.peer(), Optional.empty(), reason, Map.of());
    }

    void audit(AuditEvent.Type type, Connection connection, Decision decision) {
        listener.record(type, connection.id(), connection.peer(), decision.policy(), decision.reason(), Map.of());
    }

    void serviceFailed(Connection connection, Throwable failure) {
        LOG.error(
                "Listener {}: the service failed for connection {}: {}",
                listener.name(),
                connection.id(),
                Printable.of(failure.toString()));
        LOG.debug("The failure", failure);
    }

    /** Has every connection decided again, soon. May be called by any thread. */
    void recheck() {
        if (recheckPending.compareAndSet(false, true)) {
            loop.execute(() -> {
                recheckPending.set(false);
                learnIdleTimeout();
                forEach(Connection::recheck);
            });
        }
    }

    /** What connections there are. Called on the loop. */
    List<ConnectionReport> reports() {
        return connections.copy().stream().map(Connection::report).toList();
    }

    /** Ends one connection. Called on the loop. */
    boolean disconnect(long id) {
        for (Connection connection : connections.copy()) {
            if (connection.id() == id) {
                connection.end("", "disconnected by an operator");
                return true;
            }
        }
        return false;
    }

    /** Ends every connection, after the replies that are due. Called on the loop. */
    void endAll() {
        loop.remove(this);
        forEach(connection -> connection.endNow("the listener stops"));
    }

    /** One that fails is closed, and keeps none of the others from its turn. */
    private void forEach(Consumer<Connection> action) {
        for (Connection connection : connections.copy()) {
            try {
                action.accept(connection);
            } catch (Throwable e) {
                LOG.error("Connection {} is closed after an internal error: {}", connection.id(), e.toString());
                LOG.debug("The internal error", e);
                connection.abandon();
            }
        }
    }

    private void learnIdleTimeout() {
        long timeout = settings().idleTimeout().toNanos();
        if (idleNanos == 0 && timeout != 0) {
            // Nobody kept account of who was active until now.
            connections.copy().forEach(connection -> connections.touch(connection, loop.now()));
        }
        idleNanos = timeout;
    }

    @Override
    public long deadline() {
        Connection oldest = connections.oldest();
        return oldest == null || idleNanos == 0 ? Long.MAX_VALUE : oldest.touched + idleNanos;
    }

    @Override
    public void expire(long now) {
        for (Connection oldest = connections.oldest();
                idleNanos != 0 && oldest != null && oldest.touched + idleNanos <= now;
                oldest = connections.oldest()) {
            if (oldest.isAnswering()) {
                // It is the service that takes its time.
                connections.touch(oldest, now);
                continue;
            }
            audit(AuditEvent.Type.LIMITED, oldest, "Idle timeout");
            oldest.end("Idle timeout\n", "idle timeout");
        }
    }
}
