/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener: its settings, the services it works with, and its part of each loop. Settings and services are replaced whole
 * and read once per use; methods may be called by any thread.
 */
public final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final AtomicLong CONNECTION_IDS = new AtomicLong();
    private static final long STOP_MILLIS = 3000;

    private final Audit audit;
    private final List<Shard> shards = new CopyOnWriteArrayList<>();
    private final Admission admission = new Admission();
    private volatile ListenerSettings settings;
    private volatile Collaborators collaborators = Collaborators.NONE;
    private List<Acceptor> acceptors = List.of();

    /**
     * Creates a listener that does not accept yet.
     *
     * @param settings its settings
     * @param audit takes its events
     */
    public Listener(ListenerSettings settings, Audit audit) {
        this.settings = settings;
        this.audit = audit;
    }

    /**
     * Stops accepting as it was, and accepts on a listening socket instead; those who were about to connect wait in the backlog
     * meanwhile. Waits until that is done, but not for ever.
     *
     * @param listeningDescriptor a non-blocking listening socket
     * @param loops where connections shall live from now on
     * @param released run once, on any thread, when the socket before is no longer touched and may be closed
     */
    public synchronized void accept(int listeningDescriptor, List<EventLoop> loops, Runnable released) {
        CompletableFuture<Void> stopped = onLoops(acceptors, acceptor -> acceptor.loop, Acceptor::abandon);
        acceptors = loops.stream()
                .map(loop -> new Acceptor(shardOn(loop), listeningDescriptor))
                .toList();
        CompletableFuture<Void> begun = onLoops(acceptors, acceptor -> acceptor.loop, Acceptor::begin);
        patiently(CompletableFuture.allOf(stopped.thenRun(released), begun));
    }

    /**
     * Stops accepting and ends every connection after the replies that are due. Waits until that is done, but not for ever.
     *
     * @param released run once, on any thread, when the socket is no longer touched and may be closed
     */
    public synchronized void stop(Runnable released) {
        CompletableFuture<Void> stopped = onLoops(acceptors, acceptor -> acceptor.loop, Acceptor::abandon);
        acceptors = List.of();
        CompletableFuture<Void> ended = onLoops(shards, shard -> shard.loop, Shard::endAll);
        patiently(CompletableFuture.allOf(stopped.thenRun(released), ended));
    }

    /**
     * Replaces the settings. They count from the next use on.
     *
     * @param newSettings the settings
     */
    public void update(ListenerSettings newSettings) {
        settings = newSettings;
        recheck();
    }

    /**
     * Replaces the services that this listener works with, and has open connections decided again.
     *
     * @param newCollaborators the services
     */
    public void use(Collaborators newCollaborators) {
        collaborators = newCollaborators;
        recheck();
    }

    /** Has every open connection decided again, soon. */
    public void recheck() {
        shards.forEach(Shard::recheck);
    }

    /** The settings in force. */
    public ListenerSettings settings() {
        return settings;
    }

    /** The listener's name. */
    public String name() {
        return settings.name();
    }

    /**
     * How many connections are open.
     *
     * @return 0 or greater
     */
    public int open() {
        return admission.open();
    }

    /**
     * How this listener stands.
     *
     * @param path the path of its socket
     * @param problem what is wrong with it
     * @return the report
     */
    public ListenerReport report(String path, Optional<String> problem) {
        return new ListenerReport(
                name(),
                path,
                problem,
                open(),
                sum(Counters::allowedConnections),
                sum(Counters::deniedConnections),
                sum(Counters::limitedConnections),
                sum(Counters::lines),
                sum(Counters::receivedBytes),
                sum(Counters::sentBytes),
                settings().requiredPolicies());
    }

    /**
     * How long answers take.
     *
     * @return one record for each loop
     */
    public List<Latency> latencies() {
        return shards.stream().map(Shard::latency).toList();
    }

    /**
     * The open connections. Not to be called on an event loop.
     *
     * @return one report each
     */
    public List<ConnectionReport> connections() {
        List<ConnectionReport> reports = Collections.synchronizedList(new ArrayList<>());
        patiently(onLoops(shards, shard -> shard.loop, shard -> reports.addAll(shard.reports())));
        return List.copyOf(reports);
    }

    /**
     * Ends a connection, after the replies that are due. Not to be called on an event loop.
     *
     * @param connection its number
     * @return false if it is not open here
     */
    public boolean disconnect(long connection) {
        AtomicBoolean found = new AtomicBoolean();
        patiently(onLoops(shards, shard -> shard.loop, shard -> {
            if (shard.disconnect(connection)) {
                found.set(true);
            }
        }));
        return found.get();
    }

    Collaborators collaborators() {
        return collaborators;
    }

    Admission admission() {
        return admission;
    }

    Audit audit() {
        return audit;
    }

    long nextConnectionId() {
        return CONNECTION_IDS.incrementAndGet();
    }

    Decision decide(Peer peer, String action) {
        Collaborators current = collaborators;
        Optional<AccessControl> accessControl = current.accessControl();
        if (accessControl.isEmpty()) {
            return refusal("there is no access control");
        }
        if (current.provider().isEmpty()) {
            return refusal("there is no credential provider");
        }
        ListenerSettings now = settings;
        try {
            AccessRequest request = new AccessRequest(peer, now.name(), action, now.requiredPolicies());
            return Objects.requireNonNull(accessControl.get().decide(request), "no decision");
        } catch (Throwable e) {
            return refusal("the access control failed: " + e);
        }
    }

    void record(
            AuditEvent.Type type,
            long connection,
            Peer peer,
            Optional<String> policy,
            String reason,
            Map<String, String> details) {
        audit.record(new AuditEvent(
                Instant.now(),
                type,
                name(),
                connection,
                peer == null ? Peer.NO_PEER : peer.uid(),
                peer == null ? Peer.NO_PEER : peer.gid(),
                peer == null ? OptionalInt.empty() : peer.pid(),
                AccessRequest.CONNECT,
                policy,
                reason,
                details));
    }

    private Shard shardOn(EventLoop loop) {
        for (Shard shard : shards) {
            if (shard.loop == loop) {
                return shard;
            }
        }
        Shard shard = new Shard(this, loop);
        shards.add(shard);
        loop.execute(() -> loop.add(shard));
        return shard;
    }

    private static Decision refusal(String reason) {
        return new Decision(false, Optional.empty(), reason, 0);
    }

    private long sum(ToLongFunction<Counters> counter) {
        return shards.stream().map(Shard::counters).mapToLong(counter).sum();
    }

    /** Has something done on several loops. They do their tasks in order, so that one need not wait before the next. */
    private static <T> CompletableFuture<Void> onLoops(
            List<T> which, Function<T, EventLoop> loopOf, Consumer<T> action) {
        return CompletableFuture.allOf(which.stream()
                .map(each -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    loopOf.apply(each).execute(() -> {
                        try {
                            action.accept(each);
                        } finally {
                            done.complete(null);
                        }
                    });
                    return done;
                })
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Waits a while: a loop that a service blocks must not block those who want to stop it too. */
    private void patiently(CompletableFuture<Void> work) {
        try {
            work.get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error("Listener {}: an event loop did not answer within {} ms.", name(), STOP_MILLIS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
