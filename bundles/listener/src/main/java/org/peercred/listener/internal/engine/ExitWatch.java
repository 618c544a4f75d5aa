/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.credentials.PeerProcess;

/** Ends a connection when the process that was authenticated is gone, even while another one still holds the socket. */
final class ExitWatch extends Source {

    private final Connection connection;
    private final int pid;

    ExitWatch(Connection connection, PeerProcess process) {
        super(connection.loop, process.descriptor());
        this.connection = connection;
        this.pid = process.pid();
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
