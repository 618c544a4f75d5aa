/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.peercred.credentials.PeerProcess;

/** A server whose clients connect again and again, until they are held. */
abstract class HeldFixture {

    final Native system = Native.load();
    final KernelProcessTable table = new KernelProcessTable(system);
    final KernelPeerCredentialProvider provider = new KernelPeerCredentialProvider(system, table);
    Server server;

    @BeforeEach
    void listen() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        table.letGo();
        server.close();
    }

    /** Connects so often that the process is held from then on, if it ever is. */
    void makeKnown(Client client) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Connection connection = connect(client)) {
                assertTrue(connection.process().executable().value().isPresent());
                assertTrue(connection.process().controlGroup().value().isPresent());
            }
        }
    }

    Connection connect(Client client) throws Exception {
        client.tell("s = socket.socket(socket.AF_UNIX)\nconnect()");
        return Connection.accept(server, provider);
    }

    static void assertLikeReadAnew(Connection connection) throws Exception {
        ProcFiles files =
                new ProcFiles(Path.of("/proc", "" + connection.peer().pid().orElseThrow()));
        PeerProcess process = connection.process();
        assertEquals(files.executable(), process.executable().value().orElseThrow());
        assertEquals(files.controlGroup(), process.controlGroup().value().orElseThrow());
    }
}
