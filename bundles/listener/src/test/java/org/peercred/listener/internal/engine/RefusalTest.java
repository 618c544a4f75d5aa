/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class RefusalTest {

    private static final String DENIED = "Unauthorized access\n";

    private final CountingLibC calls = new CountingLibC(Server.LIBC);
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server(calls);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void tells_a_stranger_and_ends_cleanly() throws Exception {
        server.access.denyAll();
        try (Client client = server.connect()) {
            assertEquals(DENIED, client.restText());
        }
    }

    @Test
    void tells_a_stranger_in_the_operators_own_words() throws Exception {
        server.access.denyAll();
        server.configure("denied.message", "Zutritt verwehrt: ß");
        try (Client client = server.connect()) {
            assertEquals("Zutritt verwehrt: ß\n", client.restText());
        }
    }

    @Test
    void ends_cleanly_for_a_stranger_who_sent_much_already() throws Exception {
        server.access.denyAll();
        byte[] much = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            try (Client client = server.connect()) {
                long sent = client.sendAsMuchAsPossible(much);
                assertTrue(sent > 1000, "sent " + sent);
                assertEquals(DENIED, client.restText());
            }
        }
    }

    @Test
    void ends_cleanly_for_a_stranger_who_sends_a_whole_mebibyte_before_reading() throws Exception {
        server.access.denyAll();
        try (Python client = Python.run(
                server.path(),
                """
                s = connect()
                try:
                    s.sendall(bytes(1 << 20))
                    print('all sent')
                except BrokenPipeError:
                    print('cut')
                print(rest(s))
                """)) {
            assertEquals("all sent", client.line());
            assertEquals("b'Unauthorized access\\n'", client.line());
        }
    }

    @Test
    void reads_not_one_byte_before_the_decision() throws Exception {
        CountDownLatch deciding = new CountDownLatch(1);
        CountDownLatch decide = new CountDownLatch(1);
        AtomicInteger sessions = new AtomicInteger();
        server.offer(connection -> {
            sessions.incrementAndGet();
            return Server.ECHO.open(connection);
        });
        server.settle();
        long before = calls.reads();
        server.access.allow(request -> {
            deciding.countDown();
            try {
                return !decide.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (Client client = server.connect()) {
            client.send("secret\n");
            assertTrue(deciding.await(60, TimeUnit.SECONDS));
            assertEquals(0, calls.reads() - before);
            decide.countDown();
            assertEquals(DENIED, client.restText());
        }
        assertEquals(0, sessions.get());
        assertEquals(
                0,
                server.listener
                        .report("", true, java.util.Optional.empty())
                        .counters()
                        .received());
    }

    @Test
    void does_not_count_the_refused_as_connections() throws Exception {
        server.configure("max.connections", "1");
        server.access.denyAll();
        List<Client> refused = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            refused.add(server.connect());
        }
        for (Client client : refused) {
            assertEquals("Unauthorized access", client.line());
        }
        server.access.allowAll();
        try (Client client = server.connect()) {
            assertEquals("> hello", client.ask("hello"));
        }
        for (Client client : refused) {
            client.close();
        }
    }

    @Test
    void keeps_few_descriptors_for_the_refused_and_none_for_long() throws Exception {
        server.access.denyAll();
        try (Python clients = Python.run(
                server.path(),
                """
                resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
                all = [connect() for i in range(3000)]
                print(sum(s.recv(100) == b'Unauthorized access\\n' for s in all))
                sys.stdin.readline()
                print(sum(s.recv(100) == b'' for s in all))
                sys.stdin.readline()
                """)) {
            int before = ThisProcess.descriptors();
            assertEquals("3000", clients.line());
            assertTrue(ThisProcess.descriptors() - before <= 520, "more than the farewells allowed");
            Awaitility.await().until(() -> ThisProcess.descriptors() - before <= 5);
            clients.tell("go on");
            assertEquals("3000", clients.line());
        }
    }

    @Test
    void serves_others_while_many_are_being_refused() throws Exception {
        try (Client friend = server.connect()) {
            assertEquals("> before", friend.ask("before"));
            AtomicInteger refusals = new AtomicInteger();
            server.access.denyAll();
            CompletableFuture<Void> strangers = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 2000; i++) {
                    try (Client stranger = server.connect()) {
                        stranger.sendAsMuchAsPossible("noise\n".getBytes(StandardCharsets.US_ASCII));
                        refusals.incrementAndGet();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            });
            for (int i = 0; i < 500; i++) {
                assertEquals("> " + i, friend.ask(Integer.toString(i)));
            }
            strangers.get(60, TimeUnit.SECONDS);
            assertEquals(2000, refusals.get());
        }
    }

    @Test
    void cuts_a_stranger_who_never_stops_sending() throws Exception {
        server.access.denyAll();
        try (Python client = Python.run(
                server.path(),
                """
                s = connect()
                sent = 0
                try:
                    while sent < 1 << 30: sent += s.send(bytes(1 << 16))
                except OSError: pass
                print(sent >> 20)
                """)) {
            long mebibytes = Long.parseLong(client.line());
            assertTrue(mebibytes <= 10, "took " + mebibytes + " MiB");
        }
    }

    @Test
    void audits_the_refusal_with_its_reason() throws Exception {
        server.access.denyAll();
        try (Client client = server.connect()) {
            client.rest();
        }
        Awaitility.await().until(() -> !server.events(AuditEvent.Type.DENIED).isEmpty());
        String line = server.lines().get(0);
        assertTrue(
                line.matches("event=denied listener=test connection=\\d+ uid=\\d+ user=\\S+ gid=\\d+ pid="
                        + ProcessHandle.current().pid()
                        + " action=connect policy=fake reason=\"UID mismatch \\(1 != 2\\)\\. Closing connection\\.\""),
                line);
    }

    @Test
    void refuses_too_when_a_client_is_gone_before_it_is_accepted() throws Exception {
        for (int i = 0; i < 200; i++) {
            server.connect().close();
        }
        try (Client client = server.connect()) {
            assertEquals("> still here", client.ask("still here"));
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void does_not_wait_for_a_client_that_is_gone_when_it_is_refused() throws Exception {
        server.access.denyAll();
        server.settle();
        int before = ThisProcess.descriptors();
        long controls = calls.controls();
        CountDownLatch held = server.hold();
        for (int i = 0; i < 200; i++) {
            server.connect().close();
        }
        held.countDown();
        Awaitility.await()
                .until(() -> server.listener
                                .report("", true, Optional.empty())
                                .counters()
                                .denied()
                        == 200);
        server.settle();
        ThisProcess.awaitDescriptors(before);
        assertEquals(controls, calls.controls(), "nobody waits for them");
    }
}
