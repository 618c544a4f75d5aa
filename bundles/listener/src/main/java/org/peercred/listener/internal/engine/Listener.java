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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

/**
 * One listener: its settings, the services it works with, and its part of each loop. Settings and services are replaced whole
 * and read once per use; methods may be called by any thread.
 */
public final class Listener {

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
     * Stops accepting as it was, and accepts on a listening socket instead. When this returns, the one before is no longer
     * touched and may be closed; those who were about to connect wait in the backlog meanwhile.
     *
     * @param listeningDescriptor a non-blocking listening socket
     * @param loops where connections shall live from now on
     */
    public synchronized void accept(int listeningDescriptor, List<EventLoop> loops) {
        onLoops(acceptors, acceptor -> acceptor.loop, Acceptor::abandon);
        acceptors = loops.stream()
                .map(loop -> new Acceptor(shardOn(loop), listeningDescriptor))
                .toList();
        onLoops(acceptors, acceptor -> acceptor.loop, Acceptor::begin);
    }

    /** Stops accepting and ends every connection after the replies that are due. Waits until that is done, but not for ever. */
    public synchronized void stop() {
        onLoops(acceptors, acceptor -> acceptor.loop, Acceptor::abandon);
        acceptors = List.of();
        onLoops(shards, shard -> shard.loop, Shard::endAll);
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
                sum(Counters::sentBytes));
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
        onLoops(shards, shard -> shard.loop, shard -> reports.addAll(shard.reports()));
        return reports;
    }

    /**
     * Ends a connection, after the replies that are due. Not to be called on an event loop.
     *
     * @param connection its number
     * @return false if it is not open here
     */
    public boolean disconnect(long connection) {
        AtomicBoolean found = new AtomicBoolean();
        onLoops(shards, shard -> shard.loop, shard -> {
            if (shard.disconnect(connection)) {
                found.set(true);
            }
        });
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
            return accessControl.get().decide(new AccessRequest(peer, now.name(), action, now.requiredPolicies()));
        } catch (RuntimeException | LinkageError e) {
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

    private static <T> void onLoops(List<T> which, Function<T, EventLoop> loopOf, Consumer<T> action) {
        CountDownLatch done = new CountDownLatch(which.size());
        for (T each : which) {
            loopOf.apply(each).execute(() -> {
                try {
                    action.accept(each);
                } finally {
                    done.countDown();
                }
            });
        }
        await(done);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("an event loop did not answer within " + STOP_MILLIS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
