/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts for one listener on one loop, and decides who gets in before a single byte of the client's is read. Errors of
 * accept(2) never stop it: when descriptors or memory run out it waits a little, so that it does not spin.
 */
final class Acceptor extends Source implements Timed {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BATCH = 64;
    private static final int NONBLOCK_CLOEXEC = 0x80800;
    private static final long EXHAUSTED_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AUDIT_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private final Shard shard;
    private final Listener listener;
    private long resumeAt = Long.MAX_VALUE;
    private long warnedAt;
    private boolean warned;

    Acceptor(Shard shard, int descriptor) {
        super(shard.loop, descriptor);
        this.shard = shard;
        this.listener = shard.listener;
    }

    void begin() {
        loop.add(this);
        if (!loop.sources.register(this, Epoll.IN)) {
            resumeAt = loop.now() + EXHAUSTED_PAUSE;
        }
    }

    @Override
    void ready(int events) {
        for (int i = 0; i < BATCH; i++) {
            if (listener.audit().isBehind()) {
                pause(AUDIT_PAUSE);
                return;
            }
            int accepted = loop.libc.accept4(descriptor, 0, 0, NONBLOCK_CLOEXEC);
            if (accepted >= 0) {
                admitOrDrop(accepted);
            } else if (!goesOn(LibC.errno())) {
                return;
            }
        }
    }

    @Override
    void abandon() {
        loop.remove(this);
        loop.sources.release(this);
    }

    @Override
    public long deadline() {
        return resumeAt;
    }

    @Override
    public void expire(long now) {
        resumeAt = loop.sources.watch(this, Epoll.IN) ? Long.MAX_VALUE : now + EXHAUSTED_PAUSE;
    }

    private boolean goesOn(int errno) {
        if (errno == Errors.EINTR || errno == Errors.ECONNABORTED) {
            return true;
        }
        if (errno == Errors.EAGAIN) {
            return false;
        }
        if (!warned || loop.now() - warnedAt > WARNING_INTERVAL) {
            warned = true;
            warnedAt = loop.now();
            LOG.warn(
                    "Listener {}: no connection can be accepted for now: {}{}",
                    listener.name(),
                    LibC.nameOf(errno),
                    errno == Errors.EMFILE ? " (the process has no descriptor left, see ulimit -n)" : "");
        }
        pause(EXHAUSTED_PAUSE);
        return false;
    }

    private void pause(long nanos) {
        loop.sources.watch(this, 0);
        resumeAt = loop.now() + nanos;
    }

    /** Whatever goes wrong with one connection, the next one is accepted. */
    private void admitOrDrop(int accepted) {
        try {
            admit(accepted);
        } catch (Throwable e) {
            LOG.error(
                    "Listener {}: a connection is dropped after an internal error: {}", listener.name(), e.toString());
            LOG.debug("The internal error", e);
            loop.sources.drop(accepted);
        }
    }

    private void admit(int accepted) {
        long id = listener.nextConnectionId();
        Collaborators collaborators = listener.collaborators();
        if (collaborators.provider().isEmpty()) {
            refuse(accepted, AuditEvent.Type.DENIED, id, null, Optional.empty(), "there is no credential provider");
            return;
        }
        Peer peer;
        try {
            peer = collaborators.provider().get().identify(accepted);
        } catch (PeerCredentialException e) {
            refuse(
                    accepted,
                    AuditEvent.Type.DENIED,
                    id,
                    null,
                    Optional.empty(),
                    "the peer is unknown: " + e.getMessage());
            return;
        } catch (Throwable e) {
            refuse(accepted, AuditEvent.Type.DENIED, id, null, Optional.empty(), "the peer is unknown: " + e);
            return;
        }
        Decision decision = listener.decide(peer, AccessRequest.CONNECT);
        if (!decision.allowed()) {
            refuse(accepted, AuditEvent.Type.DENIED, id, peer, decision.policy(), decision.reason());
        } else if (listener.settings().closeOnPeerExit()
                && peer.process().value().isEmpty()) {
            String absence = peer.process().absence();
            refuse(
                    accepted,
                    AuditEvent.Type.DENIED,
                    id,
                    peer,
                    Optional.empty(),
                    "the peer cannot be watched: " + absence);
        } else if (!listener.admission().enter(peer.uid(), listener.settings())) {
            refuse(accepted, AuditEvent.Type.LIMITED, id, peer, Optional.empty(), "Too many connections");
        } else {
            serve(new Connection(shard, accepted, id, peer), collaborators, decision);
        }
    }

    private void serve(Connection connection, Collaborators collaborators, Decision decision) {
        loop.sources.register(connection, 0);
        shard.opened(connection);
        if (listener.settings().closeOnPeerExit() && !connection.watchExit()) {
            connection.end(shard.deniedMessage(), "the peer cannot be watched");
            return;
        }
        if (collaborators.services().isEmpty()) {
            shard.audit(AuditEvent.Type.LIMITED, connection, "Service unavailable");
            connection.end("Service unavailable\n", "service unavailable");
            return;
        }
        LineService service = collaborators.services().get(0);
        LineSession session;
        try {
            session = Objects.requireNonNull(service.open(connection), "the service gave no session");
        } catch (Throwable e) {
            shard.serviceFailed(connection, e);
            connection.end("Service unavailable\n", "the service failed");
            return;
        }
        shard.counters().allowed();
        if (listener.audit().wants(AuditEvent.Type.ALLOWED)) {
            shard.audit(AuditEvent.Type.ALLOWED, connection, decision);
        }
        connection.begin(service, session);
    }

    private void refuse(
            int accepted, AuditEvent.Type type, long id, Peer peer, Optional<String> policy, String reason) {
        if (listener.audit().wants(type)) {
            listener.record(
                    type, id, peer, policy, type == AuditEvent.Type.DENIED ? closing(reason) : reason, Map.of());
        }
        if (peer != null) {
            peer.close();
        }
        byte[] words;
        if (type == AuditEvent.Type.DENIED) {
            shard.counters().denied();
            words = shard.deniedBytes();
        } else {
            shard.counters().limited();
            words = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        }
        Farewell farewell = new Farewell(loop, accepted, ByteBuffer.wrap(words), true);
        loop.sources.register(farewell, 0);
        farewell.begin();
    }

    private static String closing(String reason) {
        return reason + ". Closing connection.";
    }
}
