/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.common.text.Failure;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.loop.SourceList;
import org.peercred.listener.internal.loop.Timed;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LastWords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener's part of one loop: its connections there, in the order in which they were last active. Used on the loop; what may
 * be called by other threads says so.
 */
final class Shard implements Timed {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final String IDLE = "Idle timeout";

    final Worker worker;
    final Listener listener;
    final Ledger ledger;
    private final Counters counters = new Counters();
    private final Latency latency = new Latency();
    private final SourceList<Connection> connections = new SourceList<>();
    private String deniedFor;
    private boolean deniedInHttp;
    private byte[] deniedBytes;
    private final AtomicBoolean recheckPending = new AtomicBoolean();
    private final Runnable recheck = this::recheckIfPending;
    /** As the loop has it: a new timeout counts from when the loop learned of it. */
    private long idleNanos;

    Shard(Listener listener, Worker worker) {
        this.listener = listener;
        this.worker = worker;
        this.ledger = new Ledger(listener, counters);
        this.idleNanos = settings().idleTimeout().toNanos();
    }

    /** May be called by any thread. */
    ListenerSettings settings() {
        return listener.settings();
    }

    /** May be read by any thread. */
    Latency latency() {
        return latency;
    }

    /** May be read by any thread. */
    Counters counters() {
        return counters;
    }

    /** The denied message as clients expect it, made anew only when that has changed. */
    byte[] deniedBytes() {
        ListenerSettings now = settings();
        if (!now.deniedMessage().equals(deniedFor) || now.speaksHttp() != deniedInHttp) {
            deniedBytes = words(LastWords.Cause.DENIED, now.deniedMessage());
            deniedFor = now.deniedMessage();
            deniedInHttp = now.speaksHttp();
        }
        return deniedBytes;
    }

    /** What a client is told that the service has not begun to talk with. */
    byte[] words(LastWords.Cause cause, String text) {
        return settings().speaksHttp() ? Words.http(cause, text) : Words.plain(text);
    }

    /** What a client is told in the midst of its talk with the service; nothing where that would be taken for a part of an answer. */
    byte[] wordsBetween(String text) {
        return settings().speaksHttp() ? Words.NONE : Words.plain(text);
    }

    Decision decide(Peer peer, String action) {
        return listener.decide(peer, action);
    }

    boolean offers(Offer offer) {
        return listener.collaborators().offers().contains(offer);
    }

    void opened(Connection connection) {
        connections.add(connection, worker.loop.now());
    }

    void touch(Connection connection) {
        if (idleNanos != 0) {
            connections.touch(connection, worker.loop.now());
        }
    }

    /** One was active just now, and not when the loop last looked at the clock: to serve it may have taken long. */
    void served(Connection connection) {
        if (idleNanos != 0) {
            connections.touch(connection, System.nanoTime());
        }
    }

    void closed(Connection connection, String reason) {
        assert worker.loop.isCurrent();
        connections.remove(connection);
        try {
            Decision untold = connection.authorization.takeAdmission();
            if (untold != null) {
                ledger.allowed(connection, untold);
            }
        } finally {
            ledger.closed(connection, reason);
        }
    }

    /**
     * Ends a connection at a limit.
     *
     * @param limit for the audit
     * @param cause for the last words
     * @param text for the client
     * @param reason for the audit of the end
     */
    void limit(Connection connection, String limit, LastWords.Cause cause, String text, String reason) {
        ledger.limited(connection.id(), connection.peer(), limit);
        connection.ending.with(cause, text, reason);
    }

    /** Says that a service failed; it must not matter whether that can be said. May be called by any thread. */
    void serviceFailed(long connection, Object service, Throwable failure) {
        try {
            LOG.error(
                    "Listener {}: the service failed for connection {}: {}",
                    listener.name(),
                    connection,
                    Failure.of(service, failure));
            LOG.debug("The failure", failure);
        } catch (Throwable e) {
            // There is no memory even for that: what counts is that the connection ends.
        }
    }

    /** Has every connection decided again, soon. May be called by any thread. */
    void recheck() {
        if (recheckPending.compareAndSet(false, true)) {
            worker.loop.announce(recheck);
        }
    }

    /** Decides again if that is still to be done. Allocates nothing itself: no revocation may be lost. */
    void recheckIfPending() {
        assert worker.loop.isCurrent();
        if (recheckPending.getAndSet(false)) {
            learnIdleTimeout();
            connections.forEach(Shard::recheck);
        }
    }

    /** Whether somebody waits for a first answer who was let in not longer ago than that. */
    boolean hasUnheard(long nanos) {
        assert worker.loop.isCurrent();
        AtomicBoolean found = new AtomicBoolean();
        connections.forEach(connection -> {
            if (connection.isUnheard(nanos)) {
                found.set(true);
            }
        });
        return found.get();
    }

    /** What connections there are. */
    List<ConnectionReport> reports() {
        assert worker.loop.isCurrent();
        return connections.copy().stream().map(Connection::report).toList();
    }

    /** What is answered about each; nothing comes of it. */
    <T> List<ConnectionAnswer<T>> answers(Function<AccessRequest, T> question) {
        assert worker.loop.isCurrent();
        return connections.copy().stream()
                .map(connection -> new ConnectionAnswer<>(connection.report(), question.apply(request(connection))))
                .toList();
    }

    private AccessRequest request(Connection connection) {
        return new AccessRequest(
                connection.peer(),
                listener.name(),
                AccessRequest.CONNECT,
                settings().requiredPolicies());
    }

    /** Ends one connection; false if it is not here. */
    boolean disconnect(long id) {
        assert worker.loop.isCurrent();
        for (Connection connection : connections.copy()) {
            if (connection.id() == id) {
                connection.ending.with(LastWords.Cause.DISCONNECTED, "", "disconnected by an operator");
                return true;
            }
        }
        return false;
    }

    /** Ends every connection, after the replies that are due. */
    void endAll() {
        worker.loop.remove(this);
        connections.forEach(Shard::endNow);
    }

    /** One that fails is closed, and keeps none of the others from its turn. */
    private static void recheck(Connection connection) {
        try {
            connection.authorization.recheck();
        } catch (Throwable e) {
            connection.loop.failed(connection, e);
        }
    }

    private static void endNow(Connection connection) {
        try {
            connection.ending.now("the listener stops");
        } catch (Throwable e) {
            connection.loop.failed(connection, e);
        }
    }

    private void learnIdleTimeout() {
        long timeout = settings().idleTimeout().toNanos();
        if (idleNanos == 0 && timeout != 0) {
            // Nobody kept account of who was active until now.
            connections.touchAll(worker.loop.now());
        }
        idleNanos = timeout;
    }

    @Override
    public long deadline() {
        Connection oldest = connections.oldest();
        return oldest == null || idleNanos == 0 ? Long.MAX_VALUE : oldest.touchedAt() + idleNanos;
    }

    @Override
    public void expire(long now) {
        for (Connection oldest = connections.oldest();
                idleNanos != 0 && oldest != null && oldest.touchedAt() + idleNanos <= now;
                oldest = connections.oldest()) {
            if (oldest.turn.isBusy()) {
                // It is the service that takes its time.
                connections.touch(oldest, now);
            } else {
                endIdle(oldest);
            }
        }
    }

    private void endIdle(Connection connection) {
        try {
            limit(connection, IDLE, LastWords.Cause.IDLE, IDLE, "idle timeout");
        } catch (Throwable e) {
            worker.loop.failed(connection, e);
        }
    }
}
