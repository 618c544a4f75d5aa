/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;

/**
 * Who is connected, and whether that peer may be: what the policies say, and that its process is watched where a connection shall
 * end with it. Asked when it connects and again after each change; that is the only place where either is decided. Used on the
 * loop.
 */
final class Authorization {

    private final Shard shard;
    private final Peer peer;
    private Connection connection;
    private ExitWatch exitWatch;

    Authorization(Shard shard, Peer peer) {
        this.shard = shard;
        this.peer = peer;
    }

    Peer peer() {
        return peer;
    }

    /** What ends with the peer's process. */
    void of(Connection newConnection) {
        connection = newConnection;
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
        ExitWatch watch = new ExitWatch(this, shard.worker.loop, process.value().get());
        if (!watch.begin()) {
            return unwatchable("the kernel has no room for another epoll entry");
        }
        exitWatch = watch;
        return decision;
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
            shard.worker.loop.sources.release(exitWatch);
            exitWatch = null;
        }
    }
}
