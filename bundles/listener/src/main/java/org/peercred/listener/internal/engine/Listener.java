/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.audit.AuditEvent;

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
        onLoops(acceptors, Acceptor::abandon);
        acceptors = loops.stream()
                .map(loop -> new Acceptor(shardOn(loop), listeningDescriptor))
                .toList();
        onLoops(acceptors, Acceptor::begin);
    }

    /** Stops accepting and ends every connection after the replies that are due. Waits until that is done, but not for ever. */
    public synchronized void stop() {
        onLoops(acceptors, Acceptor::abandon);
        acceptors = List.of();
        CountDownLatch done = new CountDownLatch(shards.size());
        for (Shard shard : shards) {
            shard.loop.execute(() -> {
                shard.endAll();
                done.countDown();
            });
        }
        await(done);
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

    void record(AuditEvent.Type type, long connection, Peer peer, Optional<String> policy, String reason) {
        audit.record(new AuditEvent(
                type,
                name(),
                connection,
                peer == null ? Peer.NO_PEER : peer.uid(),
                peer == null ? Peer.NO_PEER : peer.gid(),
                peer == null ? OptionalInt.empty() : peer.pid(),
                AccessRequest.CONNECT,
                policy,
                reason,
                0,
                0));
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

    private void onLoops(List<Acceptor> which, Consumer<Acceptor> action) {
        CountDownLatch done = new CountDownLatch(which.size());
        for (Acceptor acceptor : which) {
            acceptor.loop.execute(() -> {
                action.accept(acceptor);
                done.countDown();
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
