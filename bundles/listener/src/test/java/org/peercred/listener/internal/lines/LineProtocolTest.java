/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Latency;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.loop.LastResort;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.LineService;

/** What is done once for each read, and once for each connection. */
@Timeout(120)
class LineProtocolTest {

    @Test
    void times_one_read_in_sixteen() throws Exception {
        try (Server server = new Server();
                Client client = server.connect()) {
            for (int i = 0; i < 32; i++) {
                assertEquals("> x", client.ask("x"));
            }
            Awaitility.await()
                    .until(() ->
                            Latency.report("any", server.listener.latencies()).count() == 2);
        }
    }

    @Test
    void what_kept_a_piece_of_a_line_is_there_for_the_next_connection() throws Exception {
        AtomicInteger allocated = new AtomicInteger();
        Memory counting = bytes -> {
            allocated.incrementAndGet();
            return Memory.HEAP.bytes(bytes);
        };
        try (Server server = new Server(new Resources(Server.LIBC, counting, new Budget(), LastResort.HALT))) {
            leaveAPiece(server, 1);
            int before = allocated.get();
            leaveAPiece(server, 2);
            assertEquals(before, allocated.get());
        }
    }

    private static void leaveAPiece(Server server, int pieces) throws Exception {
        try (Client client = server.connect()) {
            client.send("x".repeat(100));
            Awaitility.await().until(() -> received(server) == 100L * pieces);
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    private static long received(Server server) {
        return server.listener.report("", true, Optional.empty()).counters().received();
    }

    @Test
    void tells_why_it_ended_a_connection() throws Exception {
        LineService failing = connection -> (line, replies) -> {
            throw new IllegalStateException("a test of failing");
        };
        LineService ending = connection -> (line, replies) -> replies.end();
        for (var service : List.of(failing, ending)) {
            try (Server server = new Server().offer(service);
                    Client client = server.connect()) {
                assertEquals("", client.send("x\n").restText());
                String reason = service == failing ? "the service failed" : "the service ended it";
                Awaitility.await().until(() -> server.events(AuditEvent.Type.CLOSED).stream()
                        .anyMatch(event -> event.reason().equals(reason)));
            }
        }
    }
}
