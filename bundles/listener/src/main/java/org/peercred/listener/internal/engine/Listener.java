/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.RoleDirectory;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerReport;

/**
 * One listener: its settings, the services it works with, and its part of each loop. Settings and services are replaced whole
 * and read once per use; methods may be called by any thread.
 */
public final class Listener {

    private static final AtomicLong CONNECTION_IDS = new AtomicLong();

    private final Audit audit;
    private final List<Shard> shards = new CopyOnWriteArrayList<>();
    private final ConnectionCount connectionCount = new ConnectionCount();
    private volatile ListenerSettings settings;
    private volatile Collaborators collaborators = Collaborators.NONE;
    private volatile boolean held;
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
     * meanwhile. Waits until that is done, but not for ever. If it throws, part of it may have been done; done again, it is whole.
     *
     * @param listeningDescriptor a non-blocking listening socket
     * @param workers where connections shall live from now on
     * @param released run on any thread, once for each call that does not throw, and perhaps for one that does, when the socket
     *     before is no longer touched and may be closed
     */
    public synchronized void accept(int listeningDescriptor, List<Worker> workers, Runnable released) {
        List<Acceptor> before = acceptors;
        List<Acceptor> fresh = workers.stream()
                .map(worker -> new Acceptor(shardOn(worker), listeningDescriptor))
                .toList();
        // Should this fail half-way, the next time ends them all.
        acceptors = Stream.concat(before.stream(), fresh.stream()).toList();
        CompletableFuture<Void> stopped = AllLoops.run(before, acceptor -> acceptor.worker, Acceptor::abandon);
        CompletableFuture<Void> begun = AllLoops.run(fresh, acceptor -> acceptor.worker, Acceptor::begin);
        CompletableFuture<Void> done = CompletableFuture.allOf(stopped.thenRun(released), begun);
        acceptors = fresh;
        AllLoops.await(done, name());
    }

    /**
     * Stops accepting and ends every connection after the replies that are due. Waits until that is done, but not for ever. If it
     * throws, part of it may have been done; done again, it is whole.
     *
     * @param released run on any thread, as for {@link #accept}, when the socket is no longer touched and may be closed
     */
    public synchronized void stop(Runnable released) {
        CompletableFuture<Void> stopped = AllLoops.run(acceptors, acceptor -> acceptor.worker, Acceptor::abandon);
        CompletableFuture<Void> ended = AllLoops.run(shards, shard -> shard.worker, Shard::endAll);
        CompletableFuture<Void> done = CompletableFuture.allOf(stopped.thenRun(released), ended);
        acceptors = List.of();
        AllLoops.await(done, name());
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

    /**
     * Leaves those who connect in the kernel's queue, or takes them out of it again, some hundredths of a second later.
     *
     * @param hold whether nobody is accepted
     */
    public void hold(boolean hold) {
        held = hold;
    }

    /**
     * Whether nobody is accepted for now.
     *
     * @return as it was last said
     */
    public boolean isHeld() {
        return held;
    }

    /** Waits until those were heard who were let in last, two seconds at most; while nobody is accepted. Not to be called on an event loop. */
    public void lastCall() {
        LastCall.await(shards, name());
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
        return connectionCount.open();
    }

    /**
     * How this listener stands.
     *
     * @param path the path of its socket
     * @param listening whether it listens there
     * @param problem what is wrong with it
     * @return the report
     */
    public ListenerReport report(String path, boolean listening, Optional<String> problem) {
        return new ListenerReport(
                name(),
                path,
                listening,
                problem,
                settings().requiredPolicies(),
                new ListenerReport.Counters(
                        open(),
                        sum(Counters::allowedConnections),
                        sum(Counters::deniedConnections),
                        sum(Counters::limitedConnections),
                        sum(Counters::lines),
                        sum(Counters::receivedBytes),
                        sum(Counters::sentBytes),
                        sum(Counters::requests)));
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
        return collect(Shard::reports);
    }

    /**
     * Asks about the open connections, each on its loop. Not to be called on an event loop.
     *
     * @param <T> the type of answers
     * @param question is given the request to connect; nothing comes of its answers
     * @return one answer each
     */
    public <T> List<ConnectionAnswer<T>> ask(Function<AccessRequest, T> question) {
        return collect(shard -> shard.answers(question));
    }

    private <T> List<T> collect(Function<Shard, List<T>> question) {
        List<T> answers = Collections.synchronizedList(new ArrayList<>());
        AllLoops.await(
                AllLoops.run(shards, shard -> shard.worker, shard -> answers.addAll(question.apply(shard))), name());
        return List.copyOf(answers);
    }

    /**
     * Ends a connection, after the replies that are due. Not to be called on an event loop.
     *
     * @param connection its number
     * @return false if it is not open here
     */
    public boolean disconnect(long connection) {
        AtomicBoolean found = new AtomicBoolean();
        Consumer<Shard> disconnect = shard -> {
            if (shard.disconnect(connection)) {
                found.set(true);
            }
        };
        AllLoops.await(AllLoops.run(shards, shard -> shard.worker, disconnect), name());
        return found.get();
    }

    Collaborators collaborators() {
        return collaborators;
    }

    ConnectionCount connectionCount() {
        return connectionCount;
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

    Set<String> rolesOf(Peer peer) {
        Optional<RoleDirectory> directory = collaborators.roles();
        try {
            return directory.isEmpty() ? Set.of() : Set.copyOf(directory.get().rolesOf(peer, name()));
        } catch (Throwable e) {
            throw new IllegalStateException("The roles cannot be told: " + e, e);
        }
    }

    private Shard shardOn(Worker worker) {
        for (Shard shard : shards) {
            if (shard.worker == worker) {
                return shard;
            }
        }
        Shard shard = new Shard(this, worker);
        worker.loop.execute(() -> worker.loop.add(shard));
        shards.add(shard);
        return shard;
    }

    static Decision refusal(String reason) {
        return new Decision(false, Optional.empty(), reason, 0);
    }

    private long sum(ToLongFunction<Counters> counter) {
        return shards.stream().map(Shard::counters).mapToLong(counter).sum();
    }
}
