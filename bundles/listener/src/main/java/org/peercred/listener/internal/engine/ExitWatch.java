/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Optional;
import org.peercred.credentials.PeerProcess;

/** Ends a connection when the process that was authenticated is gone, even while another one still holds the socket. */
final class ExitWatch extends Source {

    private final Connection connection;
    private final int pid;

    private ExitWatch(Connection connection, PeerProcess process) {
        super(connection.loop, process.descriptor());
        this.connection = connection;
        this.pid = process.pid();
    }

    /** Watches the peer of a connection from now on; {@code null} if its process cannot be watched. */
    static ExitWatch of(Connection connection) {
        Optional<PeerProcess> process = connection.peer().process().value();
        if (process.isEmpty() || process.get().descriptor() < 0) {
            return null;
        }
        ExitWatch watch = new ExitWatch(connection, process.get());
        if (!watch.loop.sources.register(watch, Epoll.IN)) {
            watch.abandon();
            return null;
        }
        return watch;
    }

    @Override
    void ready(int events) {
        connection.end("", "process " + pid + " exited");
    }

    @Override
    void abandon() {
        loop.sources.release(this);
    }
}
