/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.DeferringService;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class LimitsTest {

    private static final String TOO_MANY = "Too many connections\n";
    private static final String IDLE = "Idle timeout\n";

    /** Long enough for a client on a busy machine to be active in time. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Test
    void takes_no_more_than_max_connections_until_one_is_closed() throws Exception {
        try (Server server = new Server("max.connections", "2");
                Client first = server.connect();
                Client second = server.connect()) {
            assertEquals("> 1", first.ask("1"));
            assertEquals("> 2", second.ask("2"));
            try (Client third = server.connect()) {
                assertEquals(TOO_MANY, third.restText());
            }
            first.leave();
            Awaitility.await().until(() -> server.listener.open() == 1);
            try (Client third = server.connect()) {
                assertEquals("> 3", third.ask("3"));
            }
            Awaitility.await().until(() -> server.lines().stream()
                    .anyMatch(line ->
                            line.startsWith("event=limited ") && line.endsWith("reason=\"Too many connections\"")));
        }
    }

    @Test
    void counts_each_user_apart() throws Exception {
        ThisProcess.needsRoot("clients of two users");
        String program =
                """
                s = connect(); s.send(b'x\\n'); print(s.recv(100))
                t = connect(); print(rest(t))
                sys.stdin.readline()
                """;
        try (Server server = new Server("max.connections.per.uid", "1");
                Python one = Python.runAs(2001, server.path(), program);
                Python other = Python.runAs(2002, server.path(), program)) {
            for (Python client : java.util.List.of(one, other)) {
                assertEquals("b'> x\\n'", client.line());
                assertEquals("b'Too many connections\\n'", client.line());
            }
            one.kill();
            Awaitility.await().until(() -> server.listener.open() == 1);
            try (Python again = Python.runAs(2001, server.path(), program)) {
                assertEquals("b'> x\\n'", again.line());
            }
        }
    }

    @Test
    void gives_the_place_free_for_every_way_in_which_a_connection_ends() throws Exception {
        try (Server server = new Server("max.connections", "1", "max.line.length", "10")) {
            for (int i = 0; i < 50; i++) {
                try (Client client = server.connect()) {
                    assertEquals("> x", client.ask("x"));
                    if (i % 3 == 0) {
                        assertEquals(
                                "Line too long\n", client.send("x".repeat(11)).restText());
                    } else if (i % 3 == 1) {
                        assertEquals("", client.halfClose().restText());
                    }
                }
                Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> server.listener.open() == 0);
            }
        }
    }

    @Test
    void tells_an_idle_client_and_disconnects_it() throws Exception {
        try (Server server = new Server("idle.timeout", "100 ms");
                Client client = server.connect()) {
            assertEquals(IDLE, client.restText());
            Awaitility.await()
                    .until(() -> server.events(AuditEvent.Type.LIMITED).size() == 1);
            assertTrue(server.lines().stream().anyMatch(line -> line.endsWith("reason=\"Idle timeout\"")));
        }
    }

    @Test
    void leaves_an_active_client_alone() throws Exception {
        try (Server server = new Server("idle.timeout", TIMEOUT.toMillis() + " ms");
                Client active = server.connect();
                Client idle = server.connect()) {
            asks(active, TIMEOUT.multipliedBy(2));
            assertEquals(IDLE, idle.restText());
        }
    }

    /** Asks for so long, far more often than an idle timeout takes. */
    private static void asks(Client client, Duration duration) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).during(duration).until(() -> client.ask("x")
                .equals("> x"));
    }

    @Test
    void has_no_idle_timeout_unless_asked() throws Exception {
        try (Server server = new Server();
                Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            Awaitility.await().during(Duration.ofMillis(300)).until(() -> !client.hasNews());
            assertEquals("> y", client.ask("y"));
        }
    }

    @Test
    void an_idle_timeout_set_later_does_not_drop_who_was_active_meanwhile() throws Exception {
        try (Server server = new Server();
                Client client = server.connect()) {
            asks(client, TIMEOUT.plusMillis(200));
            server.configure("idle.timeout", TIMEOUT.toMillis() + " ms");
            long asked = System.nanoTime();
            assertEquals("> y", client.ask("y"));
            assertEquals(IDLE, client.restText());
            assertTrue(System.nanoTime() - asked >= TIMEOUT.toNanos(), "dropped too early");
        }
    }

    @Test
    void a_client_that_waits_for_its_answer_is_not_idle() throws Exception {
        DeferringService answers = new DeferringService();
        try (Server server = new Server()) {
            server.offer(answers);
            try (Client client = server.connect()) {
                client.send("slow\n");
                answers.await(1);
                server.configure("idle.timeout", "100 ms");
                Awaitility.await().during(Duration.ofMillis(400)).until(() -> !client.hasNews());
                answers.complete(0, "done\n");
                assertEquals("done\n" + IDLE, client.restText());
            }
        }
    }

    @Test
    void cuts_a_client_that_never_reads_after_the_idle_timeout() throws Exception {
        try (Server server = new Server();
                Client silent = server.connect()) {
            silent.send("no line");
            server.offer(connection -> (line, replies) -> replies.put(new byte[2 << 20]), Server.ECHO);
            try (Client glutton = server.connect()) {
                glutton.send("x\n");
                Awaitility.await()
                        .until(() -> server.listener
                                        .report("", true, Optional.empty())
                                        .counters()
                                        .lines()
                                == 1);
                server.configure("idle.timeout", "200 ms");
                Awaitility.await().until(() -> server.listener.open() == 0);
                assertEquals(IDLE, silent.restText());
                assertFalse(glutton.rest().length == 0);
            }
        }
    }

    @Test
    void counts_whatever_it_audits_as_limited() throws Exception {
        try (Server server = new Server("max.line.length", "10", "max.connections", "1")) {
            try (Client tooLong = server.connect()) {
                assertEquals("Line too long\n", tooLong.send("x".repeat(11)).restText());
            }
            assertLimited(server, 1);
            try (Client idle = server.connect()) {
                assertEquals("> x", idle.ask("x"));
                try (Client tooMany = server.connect()) {
                    assertEquals(TOO_MANY, tooMany.restText());
                }
                assertLimited(server, 2);
                server.configure("idle.timeout", "1 ms");
                assertEquals(IDLE, idle.restText());
            }
            assertLimited(server, 3);
            server.configure("idle.timeout", "0", "max.line.length", "1 MiB").offerNothing();
            try (Client unserved = server.connect()) {
                assertEquals("Service unavailable\n", unserved.restText());
            }
            assertLimited(server, 4);
            ThreadCount none = new ThreadCount();
            none.limit(1);
            none.take();
            server.offer(new StreamOffer(connection -> {}, none));
            try (Client threadless = server.connect()) {
                assertEquals(TOO_MANY, threadless.restText());
            }
            assertLimited(server, 5);
            server.offer(Server.ECHO);
            server.worker.budget.limit(Budget.LEAST, Budget.LEAST);
            try (Client greedy = server.connect()) {
                assertEquals(
                        "Too many bytes waiting\n",
                        greedy.send("x".repeat(100_000)).restText());
            }
            assertLimited(server, 6);
        }
    }

    private static void assertLimited(Server server, int count) {
        Awaitility.await().until(() -> server.events(AuditEvent.Type.LIMITED).size() == count);
        Awaitility.await().until(() -> server.listener.open() == 0 || count == 2);
        long counted =
                server.listener.report("", true, Optional.empty()).counters().limited();
        assertEquals(count, counted);
    }
}
