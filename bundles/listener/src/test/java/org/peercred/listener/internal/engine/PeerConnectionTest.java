/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.listener.internal.audit.AuditSettings;
import org.peercred.listener.internal.audit.file.FileSettings;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.PeerConnection;

/** What a service may ask of a connection, by whatever thread. */
@Timeout(120)
class PeerConnectionTest {

    private static final Decision GRANT = new Decision(true, Optional.of("fake"), "it is granted", 7);
    private static final Decision REFUSAL = new Decision(false, Optional.of("fake"), "it is not granted", 7);

    private final CompletableFuture<PeerConnection> opened = new CompletableFuture<>();

    @TempDir
    private Path directory;

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        server.offer(connection -> {
            opened.complete(connection);
            return (line, replies) -> {
                connection.decide("command:by-line");
                replies.put(String.join(",", connection.roles()).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .put((byte) '\n');
            };
        });
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private PeerConnection connection() throws Exception {
        return opened.get(60, TimeUnit.SECONDS);
    }

    @Test
    void facts_are_read_on_the_loop_whoever_asks_for_a_decision() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        server.access.allow(request -> {
            if (!request.action().equals("connect")) {
                threads.add(request.action() + " " + Thread.currentThread().getName());
            }
            return request.peer().groups().value().isPresent();
        });
        try (Client client = server.connect()) {
            client.ask("x");
            assertTrue(connection().decide("command:x").allowed());
        }
        assertEquals(List.of("command:by-line test-loop", "command:x test-loop"), threads);
    }

    @Test
    void what_the_refused_are_told_is_known_as_it_is_configured_now() throws Exception {
        try (Client client = server.connect()) {
            client.ask("x");
            assertEquals("Unauthorized access", connection().deniedMessage());
            server.configure("denied.message", "Not today");
            assertEquals("Not today", connection().deniedMessage());
        }
    }

    @Test
    void roles_are_told_on_the_loop_whoever_asks_for_them() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        server.roles((peer, listener) -> {
            threads.add(Thread.currentThread().getName());
            return Set.of("on-" + listener);
        });
        try (Client client = server.connect()) {
            assertEquals("on-test", client.ask("x"));
            assertEquals(Set.of("on-test"), connection().roles());
        }
        assertEquals(List.of("test-loop", "test-loop"), threads);
    }

    @Test
    void there_are_no_roles_while_nobody_knows_any() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("", client.ask("x"));
            assertEquals(Set.of(), connection().roles());
        }
    }

    @Test
    void roles_that_cannot_be_told_are_an_exception_and_not_none() throws Exception {
        server.roles((peer, listener) -> {
            throw new NoClassDefFoundError("half gone");
        });
        try (Client client = server.connect()) {
            PeerConnection connection = connection();
            IllegalStateException e = assertThrows(IllegalStateException.class, connection::roles);
            assertTrue(e.getMessage().contains("half gone"), e.getMessage());
            assertEquals("", client.send("x\n").restText());
        }
    }

    @Test
    void another_connections_loop_is_never_made_to_wait() throws Exception {
        Worker other = new Worker(Resources.of(Server.LIBC), "other-loop");
        other.start();
        try (Client client = server.connect()) {
            PeerConnection connection = connection();
            for (Runnable question : List.<Runnable>of(() -> connection.decide("command:x"), connection::roles)) {
                CompletableFuture<Void> asked = new CompletableFuture<>();
                other.loop.execute(() -> {
                    try {
                        question.run();
                        asked.complete(null);
                    } catch (Throwable e) {
                        asked.completeExceptionally(e);
                    }
                });
                ExecutionException e = assertThrows(ExecutionException.class, () -> asked.get(60, TimeUnit.SECONDS));
                assertEquals(IllegalStateException.class, e.getCause().getClass());
            }
            assertEquals("", client.ask("x"));
        } finally {
            other.stop(5000);
        }
    }

    @Test
    void a_loop_that_has_ended_is_not_waited_for() throws Exception {
        Worker second = new Worker(Resources.of(Server.LIBC), "second-loop");
        second.start();
        server.accept(List.of(second));
        PeerConnection connection;
        try (Client client = server.connect()) {
            client.ask("x");
            connection = connection();
            second.stop(5000);
        }
        long before = System.nanoTime();
        Decision decision = connection.decide("command:x");
        assertFalse(decision.allowed());
        assertEquals("no decision could be had: the event loop has ended", decision.reason());
        assertThrows(IllegalStateException.class, connection::roles);
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void a_thread_that_is_interrupted_gets_a_refusal_and_stays_interrupted() throws Exception {
        try (Client client = server.connect()) {
            client.ask("x");
            PeerConnection connection = connection();
            CompletableFuture<Void> goOn = new CompletableFuture<>();
            server.loop.execute(() -> goOn.orTimeout(60, TimeUnit.SECONDS).join());
            Thread.currentThread().interrupt();
            Decision decision = connection.decide("command:x");
            assertTrue(Thread.interrupted());
            goOn.complete(null);
            assertFalse(decision.allowed());
        }
    }

    @Test
    void what_a_service_records_is_audited_with_who_and_where() throws Exception {
        try (Client client = server.connect()) {
            client.ask("x");
            PeerConnection connection = connection();
            connection.audit("command:say", GRANT, Map.of("result", "error", "args", "a\nb"));
            connection.audit("command:look", GRANT, Map.of());
            Awaitility.await()
                    .until(() -> server.events(AuditEvent.Type.COMMAND).size() == 2);
            AuditEvent event = server.events(AuditEvent.Type.COMMAND).get(0);
            assertEquals("test", event.listener());
            assertEquals(connection.id(), event.connection());
            assertEquals(connection.peer().uid(), event.uid());
            assertEquals(ProcessHandle.current().pid(), event.pid().orElseThrow());
            assertEquals("command:say", event.action());
            assertEquals(Optional.of("fake"), event.policy());
            assertEquals("it is granted", event.reason());
            assertEquals(Map.of("result", "error", "args", "a\nb"), event.details());
            assertEquals(
                    Map.of("result", "ok"),
                    server.events(AuditEvent.Type.COMMAND).get(1).details());
        }
    }

    @Test
    void a_refusal_that_a_service_records_counts_as_one() throws Exception {
        try (Client client = server.connect()) {
            client.ask("x");
            connection().audit("command:say", REFUSAL, Map.of());
        }
        Awaitility.await().until(() -> server.events(AuditEvent.Type.COMMAND).size() == 1);
        AuditEvent event = server.events(AuditEvent.Type.COMMAND).get(0);
        assertEquals("denied", event.details().get("result"));
        assertTrue(event.isRefusal());
    }

    @Test
    void a_request_is_audited_only_where_that_is_asked_for_and_nothing_in_it_forges_a_line() throws Exception {
        try (Client client = server.connect()) {
            client.ask("x");
            PeerConnection connection = connection();
            assertFalse(connection.auditsRequests());
            connection.countRequest();
            assertEquals(
                    1,
                    server.listener
                            .report("", true, Optional.empty())
                            .counters()
                            .requests());
            connection.auditRequest("http:GET /before", "answered", Map.of());
            server.audit.use(new AuditSettings(
                    new FileSettings(directory.resolve("audit.log"), 1 << 20, 2, false),
                    false,
                    EnumSet.of(AuditEvent.Type.REQUEST),
                    0));
            assertTrue(connection.auditsRequests());
            connection.auditRequest(
                    "http:GET /a\nb", "answered", Map.of("path", "/a\nevent=denied \"", "status", "200"));
            Awaitility.await()
                    .until(() -> server.events(AuditEvent.Type.REQUEST).size() == 1);
            AuditEvent event = server.events(AuditEvent.Type.REQUEST).get(0);
            assertEquals(connection.id(), event.connection());
            assertEquals(connection.peer().uid(), event.uid());
            assertEquals("http:GET /a\nb", event.action());
            assertEquals("answered", event.reason());
            assertFalse(event.isRefusal());
            String line = server.lines().stream()
                    .filter(told -> told.startsWith("event=request "))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.contains("action=\"http:GET /a\\u000ab\""), line);
            assertTrue(line.contains("path=\"/a\\u000aevent=denied \\\"\""), line);
            assertFalse(line.contains("\n"), line);
        }
    }

    @Test
    void what_cannot_be_recorded_is_counted() throws Exception {
        try (Client client = server.connect()) {
            client.ask("x");
            connection().audit("command:say", GRANT, new Unreadable());
            Awaitility.await().until(() -> server.lines().stream().anyMatch(line -> line.startsWith("event=lost")));
        }
    }

    /** Details for which there is no memory. */
    private static final class Unreadable extends java.util.AbstractMap<String, String> {

        @Override
        public Set<Entry<String, String>> entrySet() {
            throw new OutOfMemoryError("injected");
        }
    }
}
