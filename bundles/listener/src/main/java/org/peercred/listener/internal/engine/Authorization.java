/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.service.LastWords;

/**
 * Who is connected, and whether that peer may be: what the policies say, and that its process is watched where a connection shall
 * end with it. Asked when it connects and again after each change; that is the only place where either is decided. Used on the
 * loop.
 */
final class Authorization {

    private final Shard shard;
    private final Peer peer;
    private Connection connection;
    /** Why it is let in; {@code null} once that was told, or is no longer so. */
    private Decision admission;

    private ExitWatch exitWatch;

    Authorization(Shard shard, Peer peer) {
        this.shard = shard;
        this.peer = peer;
    }

    Peer peer() {
        return peer;
    }

    /** What was let in, and why. */
    void letIn(Connection newConnection, Decision why) {
        connection = newConnection;
        admission = why;
    }

    /** Why it is let in, for the one who tells of that; {@code null} if that was told, or is no longer so. */
    Decision takeAdmission() {
        Decision taken = admission;
        admission = null;
        return taken;
    }

    /** Decides. Who is allowed is watched from now on, or not any more, as the settings want it. */
    Decision decide() {
        Decision decision = shard.decide(peer, AccessRequest.CONNECT);
        if (!decision.allowed() || !shard.settings().closeOnPeerExit()) {
            unwatch();
            return decision;
        }
        if (exitWatch != null) {
            return decision;
        }
        var process = peer.process();
        if (process.value().isEmpty()) {
            return unwatchable(process.absence());
        }
        exitWatch = shard.worker.exitWatches.begin(this, process.value().get());
        return exitWatch != null ? decision : unwatchable("the kernel has no room for another epoll entry");
    }

    /** Decides again, after policies have changed, and ends the connection if it may not stay. */
    void recheck() {
        if (!connection.isOpen()) {
            return;
        }
        Decision decision = decide();
        boolean waits = admission != null;
        if (waits) {
            admission = decision.allowed() ? decision : null;
        }
        if (!decision.allowed()) {
            turnOut(decision, waits);
        } else if (!shard.offers(connection.offer)) {
            connection.ending.with(LastWords.Cause.UNAVAILABLE, Gate.UNAVAILABLE, "service unavailable");
        }
    }

    private void turnOut(Decision decision, boolean waits) {
        String words = shard.settings().deniedMessage();
        if (waits) {
            shard.ledger.denied(connection.id(), peer, decision);
            connection.ending.with(LastWords.Cause.DENIED, words, "denied before its first turn");
        } else {
            shard.ledger.revoked(connection, decision);
            connection.ending.with(LastWords.Cause.REVOKED, words, "revoked");
        }
    }

    private static Decision unwatchable(String why) {
        return Listener.refusal("the peer cannot be watched: " + why);
    }

    void exited(int pid) {
        try {
            connection.end("process " + pid + " exited");
        } catch (Throwable e) {
            shard.worker.loop.failed(connection, e);
        }
    }

    /** Watches no more, and lets go of the peer; again, does nothing. */
    void close() {
        try {
            unwatch();
        } finally {
            peer.close();
        }
    }

    private void unwatch() {
        if (exitWatch != null) {
            exitWatch.end();
            exitWatch = null;
        }
    }
}
