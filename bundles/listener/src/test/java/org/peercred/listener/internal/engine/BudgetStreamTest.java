/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.listener.internal.testing.Client;

/** What waits in streams counts as well. */
@Timeout(120)
class BudgetStreamTest extends BudgetFixture {

    @Test
    void what_a_stream_keeps_counts_and_is_forgotten_with_it() throws Exception {
        server.offer(new StreamOffer(connection -> connection.output().write(BIG), new ThreadCount()));
        Client client = connect(HONEST);
        Awaitility.await().until(() -> budget.held() > 500 * KIB);
        assertEquals(BIG.length, client.rest().length);
        Awaitility.await().until(() -> budget.held() == 0);
    }

    @Test
    void of_a_users_streams_too_the_greatest_debtor_alone_pays() throws Exception {
        budget.limit(100_000 * KIB, 3000 * KIB);
        server.configure("write.buffer", "2 MiB");
        server.offer(new StreamOffer(
                connection -> {
                    int pieces = connection.input().read();
                    for (int i = 0; i < pieces; i++) {
                        connection.output().write(new byte[100 * KIB]);
                    }
                    connection.input().read();
                },
                new ThreadCount()));
        List<Client> small = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            small.add(connect(GREEDY).send(new byte[] {5}));
        }
        Awaitility.await().until(() -> budget.held() > 6 * 250 * KIB);
        for (int i = 0; i < 2 && limited().isEmpty(); i++) {
            long before = budget.held();
            connect(GREEDY).send(new byte[] {10});
            Awaitility.await()
                    .until(() ->
                            budget.held() > before + 500 * KIB || !limited().isEmpty());
        }
        Awaitility.await().until(() -> !limited().isEmpty());
        Awaitility.await()
                .during(100, TimeUnit.MILLISECONDS)
                .until(() -> limited().size() <= 2);
        for (Client client : small) {
            assertEquals(500 * KIB, client.halfClose().rest().length);
        }
    }

    @Test
    void nothing_is_kept_for_what_a_stream_has_read() throws Exception {
        server.offer(new StreamOffer(
                connection -> {
                    byte[] bytes = new byte[1000];
                    for (int count = connection.input().read(bytes);
                            count >= 0;
                            count = connection.input().read(bytes)) {
                        connection.output().write(bytes, 0, count);
                    }
                },
                new ThreadCount()));
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                clients.add(server.connect());
            }
            String much = "x".repeat(60_000);
            for (Client client : clients) {
                assertEquals(much, client.send(much).receiveText(much.length()));
            }
            Awaitility.await().until(() -> budget.held() == 0);
            assertEquals("a", clients.get(0).send("a").receiveText(1));
            Awaitility.await().until(() -> budget.held() == 4 * KIB);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }
}
