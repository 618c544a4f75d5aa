/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.loop.LastResort;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Users;
import org.peercred.service.LineService;

/** A server whose bytes are counted, with users who do not read what they are owed. */
abstract class BudgetFixture {

    static final long GREEDY = 1001;
    static final long HONEST = 1002;
    static final int KIB = 1024;
    static final byte[] BIG = "b".repeat(800 * KIB).getBytes(StandardCharsets.US_ASCII);
    static final byte[] SMALL = "s".repeat(500 * KIB).getBytes(StandardCharsets.US_ASCII);

    static final LineService SERVICE =
            connection -> (line, replies) -> replies.put(line.get(line.position()) == 'b' ? BIG : SMALL);

    volatile LongSupplier clock = System::nanoTime;
    final Budget budget = new Budget(() -> clock.getAsLong());
    final List<Client> clients = new ArrayList<>();
    Server server;
    Users users;

    @BeforeEach
    void start() throws Exception {
        Resources resources = new Resources(Server.LIBC, Memory.HEAP, budget, LastResort.HALT);
        server = new Server(resources, "max.line.length", "1 MiB").offer(SERVICE);
        users = new Users(server);
    }

    @AfterEach
    void stop() throws Exception {
        for (Client client : clients) {
            client.close();
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        Awaitility.await("bytes are counted still").until(() -> budget.held() == 0);
        server.close();
    }

    Client connect(long uid) throws Exception {
        Client client = users.connect(uid);
        clients.add(client);
        return client;
    }

    /** A client that is owed something and does not read. */
    Client debtor(long uid, String line) throws Exception {
        long before = budget.held();
        Client client = connect(uid);
        client.send(line + "\n");
        Awaitility.await().until(() -> budget.held() != before || !limited().isEmpty());
        return client;
    }

    List<AuditEvent> limited() {
        return server.events(AuditEvent.Type.LIMITED);
    }

    static int rest(Client client) {
        try {
            return client.halfClose().rest().length;
        } catch (Exception e) {
            return -1;
        }
    }
}
