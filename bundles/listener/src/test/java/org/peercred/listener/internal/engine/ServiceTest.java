/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.Replies;

/** What services do, wrong things included, and whom it hurts. */
@Timeout(120)
class ServiceTest {

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** Everything that code can throw, what it should not included. */
    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("broken"),
                new NoClassDefFoundError("gone"),
                new StackOverflowError(),
                new OutOfMemoryError("not really"),
                new AssertionError("broken"),
                new java.io.IOException("undeclared"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_service_that_fails_to_open_hurts_only_that_connection(Throwable failure) throws Exception {
        AtomicInteger opened = new AtomicInteger();
        server.offer(connection -> {
            if (opened.incrementAndGet() == 2) {
                throw Sneaky.of(failure);
            }
            return Server.ECHO.open(connection);
        });
        try (Client before = server.connect()) {
            assertEquals("> x", before.ask("x"));
            try (Client client = server.connect()) {
                assertEquals("Service unavailable\n", client.restText());
            }
            assertEquals("> y", before.ask("y"));
            try (Client after = server.connect()) {
                assertEquals("> z", after.ask("z"));
            }
            Awaitility.await().until(() -> server.listener.open() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_service_that_fails_on_a_line_hurts_only_that_connection(Throwable failure) throws Exception {
        server.offer(connection -> (line, replies) -> {
            if (line.remaining() == 4) {
                replies.put((byte) '?');
                throw Sneaky.of(failure);
            }
            replies.put(line).put((byte) '\n');
        });
        try (Client other = server.connect();
                Client client = server.connect()) {
            assertEquals("x", other.ask("x"));
            client.send("one\nfour\ntwo\n");
            assertEquals("one\n", client.restText());
            assertEquals("y", other.ask("y"));
            Awaitility.await().until(() -> server.listener.open() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_service_that_fails_when_closed_leaks_nothing(Throwable failure) throws Exception {
        server.offer(connection -> new LineSession() {
            @Override
            public void line(ByteBuffer line, Replies replies) {
                replies.put(line).put((byte) '\n');
            }

            @Override
            public void closed() {
                throw Sneaky.of(failure);
            }
        });
        try (Client other = server.connect()) {
            assertEquals("x", other.ask("x"));
            try (Client client = server.connect()) {
                assertEquals("z", client.ask("z"));
                assertEquals("", client.halfClose().restText());
            }
            Awaitility.await().until(() -> server.listener.open() == 1);
            assertEquals("y", other.ask("y"));
        }
    }

    @Test
    void a_service_that_gives_no_session_is_unavailable() throws Exception {
        server.offer(connection -> null);
        try (Client client = server.connect()) {
            assertEquals("Service unavailable\n", client.restText());
        }
    }

    @Test
    void tells_a_session_once_that_it_is_over() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        server.offer(connection -> new LineSession() {
            @Override
            public void line(ByteBuffer line, Replies replies) {
                calls.add(StandardCharsets.UTF_8.decode(line).toString());
            }

            @Override
            public void closed() {
                calls.add("closed " + Thread.currentThread().getName());
            }
        });
        try (Client client = server.connect()) {
            assertEquals("", client.send("a\nb\nc").halfClose().restText());
        }
        Awaitility.await().until(() -> calls.size() >= 3);
        assertEquals(List.of("a", "b", "closed test-loop"), calls);
    }

    @Test
    void tells_the_service_who_is_connected() throws Exception {
        AtomicReference<PeerConnection> seen = new AtomicReference<>();
        server.offer(connection -> {
            seen.set(connection);
            return Server.ECHO.open(connection);
        });
        try (Client client = server.connect()) {
            client.ask("x");
            assertEquals("test", seen.get().listener());
            assertEquals(ProcessHandle.current().pid(), seen.get().peer().pid().orElseThrow());
            long id = seen.get().id();
            assertTrue(id >= 1);
            try (Client next = server.connect()) {
                next.ask("x");
                assertTrue(seen.get().id() > id);
            }
        }
    }

    @Test
    void decides_about_actions_for_the_service() throws Exception {
        server.access.allow(request ->
                request.action().equals("connect") || request.action().equals("command:view"));
        server.offer(connection -> (line, replies) -> {
            String name = StandardCharsets.UTF_8.decode(line).toString();
            replies.put((byte) (connection.decide("command:" + name).allowed() ? 'y' : 'n'));
        });
        try (Client client = server.connect()) {
            assertEquals("yn", client.send("view\nupdate\n").receiveText(2));
        }
    }

    @Test
    void ends_after_everything_put_so_far_and_answers_no_further_line() throws Exception {
        byte[] large = new byte[8 << 20];
        server.offer(connection -> (line, replies) -> {
            replies.put(large);
            replies.end();
        });
        try (Client client = server.connect()) {
            client.send("quit\nmore\n");
            assertEquals(large.length, client.rest().length);
        }
    }

    @Test
    void gives_a_slow_reader_everything_before_the_end() throws Exception {
        byte[] large = new byte[2 << 20];
        server.offer(connection -> (line, replies) -> {
            replies.put(large);
            replies.end();
        });
        try (Client client = server.connect()) {
            client.send("quit\n");
            int[] received = {0};
            ByteBuffer buffer = ByteBuffer.allocate(large.length / 8);
            // A piece each half second: it takes longer than a silent client is waited for.
            Awaitility.await().pollInterval(java.time.Duration.ofMillis(500)).until(() -> {
                buffer.clear();
                int count = client.readOnce(buffer);
                received[0] += Math.max(0, count);
                return count < 0;
            });
            assertEquals(large.length, received[0]);
        }
    }

    @Test
    void replies_cannot_be_used_when_their_line_is_over() throws Exception {
        AtomicReference<Replies> kept = new AtomicReference<>();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        server.offer(connection -> new LineSession() {
            @Override
            public void line(ByteBuffer line, Replies replies) {
                kept.set(replies);
            }

            @Override
            public void closed() {
                outcome.set(assertThrows(
                        IllegalStateException.class, () -> kept.get().put(new byte[] {'s', 'e', 'c', 'r', 'e', 't'})));
            }
        });
        try (Client first = server.connect()) {
            first.send("x\n").halfClose().rest();
        }
        Awaitility.await().until(() -> outcome.get() != null);
        server.offer(Server.ECHO);
        try (Client second = server.connect()) {
            assertEquals("> mine", second.ask("mine"));
        }
    }

    @Test
    void what_a_client_sent_cannot_forge_the_log_through_an_exception() throws Exception {
        LogFile log = new LogFile();
        server.offer(connection -> (line, replies) -> {
            throw new IllegalArgumentException(
                    StandardCharsets.UTF_8.decode(line).toString());
        });
        try (Client client = server.connect()) {
            client.send("x\rForged line\u001b[31m \u202e\n").rest();
        }
        Awaitility.await().until(() -> log.count("the service failed for connection") == 1);
        String text = log.text();
        assertTrue(text.contains(": x Forged line?[31m ?, at "), text);
    }

    @Test
    void a_service_that_answers_nothing_costs_nothing() throws Exception {
        LineService silent = connection -> (line, replies) -> {};
        server.offer(silent);
        try (Client client = server.connect()) {
            assertEquals("", client.send("a\nb\n").halfClose().restText());
        }
    }

    /** Throws what the compiler would not let pass. */
    private static final class Sneaky {

        static RuntimeException of(Throwable failure) {
            Sneaky.<RuntimeException>raise(failure);
            return new IllegalStateException();
        }

        @SuppressWarnings("unchecked") // that is the point
        private static <T extends Throwable> void raise(Throwable failure) throws T {
            throw (T) failure;
        }
    }
}
