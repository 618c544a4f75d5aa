/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Echo;
import org.peercred.listener.internal.testing.FailingWakeup;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class RecheckTest {

    private static final String DENIED = "Unauthorized access\n";

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void tells_who_is_no_longer_allowed_and_disconnects_them() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.access.denyAll();
            server.listener.recheck();
            assertEquals(DENIED, client.restText());
            Awaitility.await()
                    .until(() -> !server.events(AuditEvent.Type.REVOKED).isEmpty());
            String line = server.lines().stream()
                    .filter(each -> each.startsWith("event=revoked "))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.contains(" policy=fake reason=\"UID mismatch (1 != 2)"), line);
        }
    }

    @Test
    void is_not_lost_when_the_loop_cannot_be_woken_at_once() throws Exception {
        FailingWakeup libc = new FailingWakeup();
        try (Server failed = new Server(libc);
                Client client = failed.connect()) {
            assertEquals("> x", client.ask("x"));
            failed.access.denyAll();
            libc.failNext();
            try {
                failed.listener.recheck();
            } catch (OutOfMemoryError e) {
                assertEquals("injected", e.getMessage());
            }
            assertEquals(DENIED, client.restText());
        }
    }

    @Test
    void ends_cleanly_for_who_is_sending_meanwhile() throws Exception {
        byte[] endless = "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 10; i++) {
            server.access.allowAll();
            try (Client client = server.connect()) {
                assertEquals("> x", client.ask("x"));
                server.access.denyAll();
                server.listener.recheck();
                client.sendAsMuchAsPossible(endless);
                String rest = client.restText();
                assertEquals(DENIED, rest);
            }
        }
    }

    @Test
    void delivers_the_replies_that_are_due_first() throws Exception {
        byte[] reply = new byte[3 << 20];
        server.offer(connection -> (line, replies) -> replies.put(reply));
        try (Client client = server.connect()) {
            client.send("go\n");
            Awaitility.await()
                    .until(() -> server.listener
                                    .report("", true, Optional.empty())
                                    .counters()
                                    .lines()
                            == 1);
            server.access.denyAll();
            server.listener.recheck();
            Awaitility.await()
                    .until(() -> !server.events(AuditEvent.Type.CLOSED).isEmpty());
            byte[] rest = client.rest();
            assertEquals(reply.length + DENIED.length(), rest.length);
            assertEquals(DENIED, new String(rest, reply.length, DENIED.length(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void who_stays_allowed_loses_no_byte_over_a_hundred_changes() throws Exception {
        byte[] stream = "0123456789\n".repeat(600_000).getBytes(StandardCharsets.US_ASCII);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger changes = new AtomicInteger();
        try (Client client = server.connect()) {
            CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.rest();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
                while (!done.get() || changes.get() < 100) {
                    server.access.allow(request -> true);
                    server.listener.recheck();
                    changes.incrementAndGet();
                    Thread.onSpinWait();
                }
            });
            client.send(stream).halfClose();
            assertArrayEquals(Echo.of(stream), rest.get(60, TimeUnit.SECONDS));
            done.set(true);
            changing.get(60, TimeUnit.SECONDS);
            assertTrue(changes.get() >= 100);
            assertTrue(server.access.decisions.get() > 1, "decided again");
        }
    }

    @Test
    void drops_only_those_whom_the_change_concerns() throws Exception {
        ThisProcess.needsRoot("clients of two users");
        String program =
                """
                s = connect(); s.send(b'x\\n'); print(s.recv(100))
                print(s.recv(100))
                """;
        try (Python stranger = Python.runAs(2001, server.path(), program);
                Python friend = Python.runAs(2002, server.path(), program)) {
            assertEquals("b'> x\\n'", stranger.line());
            assertEquals("b'> x\\n'", friend.line());
            server.access.allow(request -> request.peer().uid() == 2002);
            server.listener.recheck();
            assertEquals("b'Unauthorized access\\n'", stranger.line());
            Awaitility.await().until(() -> server.listener.open() == 1);
            server.stop();
            assertEquals("b''", friend.line());
        }
    }

    @Test
    void refuses_while_there_is_no_access_control_and_revokes_when_it_goes() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.accessControl(null);
            assertEquals(DENIED, client.restText());
        }
        try (Client client = server.connect()) {
            assertEquals(DENIED, client.restText());
        }
        Awaitility.await().until(() -> server.lines().stream()
                .anyMatch(line -> line.startsWith("event=denied ")
                        && line.contains("reason=\"there is no access control. Closing connection.\"")));
        server.accessControl(server.access);
        try (Client client = server.connect()) {
            assertEquals("> back", client.ask("back"));
        }
    }

    @Test
    void refuses_while_there_is_no_provider_and_revokes_when_it_goes() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.provider(null);
            assertEquals(DENIED, client.restText());
        }
        try (Client client = server.connect()) {
            assertEquals(DENIED, client.restText());
        }
    }

    @Test
    void tells_that_there_is_no_service_and_ends_who_used_it() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.offerNothing();
            assertEquals("Service unavailable\n", client.restText());
        }
        try (Client client = server.connect()) {
            assertEquals("Service unavailable\n", client.restText());
        }
        server.offer(Server.ECHO);
        try (Client client = server.connect()) {
            assertEquals("> back", client.ask("back"));
        }
    }

    @Test
    void leaves_connections_with_their_service_when_a_better_one_comes() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.offer(connection -> (line, replies) -> replies.put((byte) '!'), Server.ECHO);
            assertEquals("> y", client.ask("y"));
            try (Client other = server.connect()) {
                assertEquals("!", other.send("x\n").receiveText(1));
            }
            assertEquals("> z", client.ask("z"));
        }
    }

    @Test
    void denies_when_deciding_fails() throws Exception {
        server.access.allow(request -> {
            throw new IllegalStateException("broken");
        });
        try (Client client = server.connect()) {
            assertEquals(DENIED, client.restText());
        }
        server.access.allow(request -> {
            throw new AssertionError("very broken");
        });
        try (Client client = server.connect()) {
            assertEquals(DENIED, client.restText());
        }
        server.access.allowAll();
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.access.allow(request -> {
                throw new AssertionError("very broken");
            });
            server.listener.recheck();
            assertEquals(DENIED, client.restText());
        }
    }
}
