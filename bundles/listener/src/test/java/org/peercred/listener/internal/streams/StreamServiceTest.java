/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.engine.ThreadCount;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.StreamService;

/** What is read and written, and by which threads. */
@Timeout(120)
class StreamServiceTest extends StreamFixture {

    private static final StreamService COPY = connection -> {
        byte[] bytes = new byte[10_000];
        for (int count = connection.input().read(bytes);
                count >= 0;
                count = connection.input().read(bytes)) {
            connection.output().write(bytes, 0, count);
        }
    };

    @Test
    void every_byte_arrives_in_both_directions_and_half_close_is_end_of_stream() throws Exception {
        server.offer(stream(COPY));
        byte[] sent = new byte[300_000];
        new Random(7).nextBytes(sent);
        try (Client client = server.connect()) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> rest(client));
            client.send(sent).halfClose();
            assertArrayEquals(sent, received.get(60, TimeUnit.SECONDS));
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void a_decision_that_cannot_be_had_is_a_refusal_at_once() throws Exception {
        server.access.allow(request -> {
            if (!request.action().equals(AccessRequest.CONNECT)) {
                throw new Unspeakable();
            }
            return true;
        });
        server.offer(stream(connection -> {
            long before = System.nanoTime();
            boolean allowed = connection.decide("command:x").allowed();
            boolean soon = System.nanoTime() - before < TimeUnit.SECONDS.toNanos(5);
            connection.output().write((allowed + " " + soon).getBytes(StandardCharsets.US_ASCII));
        }));
        try (Client client = server.connect()) {
            assertEquals("false true", client.restText());
        }
    }

    @Test
    void a_service_that_does_not_read_stops_its_client_and_nobody_else() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        server.offer(stream(connection -> {
            if (first.getAndSet(false)) {
                awaitQuietly(finish);
            } else {
                COPY.serve(connection);
            }
        }));
        try (Client stuck = server.connect()) {
            Awaitility.await().until(() -> !first.get());
            long taken = stuck.sendAsMuchAsPossible(new byte[64 << 20]);
            assertTrue(taken < 8 << 20, "The server took " + taken + " bytes that nobody read.");
            try (Client other = server.connect()) {
                assertEquals("x", other.ask("x"));
            }
        } finally {
            finish.countDown();
        }
    }

    @Test
    void a_client_that_does_not_read_stops_its_service_and_gets_every_byte_at_last() throws Exception {
        server.configure("write.buffer", "64 KiB");
        AtomicLong written = new AtomicLong();
        int total = 16 << 20;
        server.offer(stream(connection -> {
            byte[] chunk = new byte[1 << 16];
            for (int done = 0; done < total; done += chunk.length) {
                connection.output().write(chunk);
                written.addAndGet(chunk.length);
            }
        }));
        try (Client client = server.connect()) {
            Awaitility.await().until(() -> written.get() > 0);
            Awaitility.await().during(300, TimeUnit.MILLISECONDS).until(() -> written.get() < 4 << 20);
            assertEquals(total, client.rest().length);
        }
    }

    @Test
    void a_service_that_writes_and_then_reads_all_there_is_goes_on_being_given_more() throws Exception {
        server.configure("max.line.length", "64 KiB");
        Random random = new Random(11);
        byte[] room = new byte[1 << 18];
        server.offer(stream(connection -> {
            int count;
            do {
                spin(random.nextInt(200_000));
                connection.output().write('.');
                spin(random.nextInt(50_000));
                count = connection.input().read(room);
                for (int i = 0; i < 2 && count >= 0; i++) {
                    count = connection.input().read(room);
                }
            } while (count >= 0);
        }));
        byte[] piece = new byte[1 << 20];
        try (Client client = server.connect()) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> rest(client));
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        client.send(piece);
                    }
                    client.halfClose();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sent.get(60, TimeUnit.SECONDS);
            assertTrue(received.get(60, TimeUnit.SECONDS).length > 0);
        }
    }

    @Test
    void the_end_of_what_a_client_sends_is_read_once() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server counted = new Server(calls)) {
            CountDownLatch ended = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            counted.offer(stream(connection -> {
                assertEquals(-1, connection.input().read());
                ended.countDown();
                awaitQuietly(goOn);
                for (int i = 0; i < 100; i++) {
                    connection.output().write('.');
                    connection.decide(AccessRequest.CONNECT);
                }
            }));
            try (Client client = counted.connect().halfClose()) {
                assertTrue(ended.await(60, TimeUnit.SECONDS));
                long before = calls.reads();
                goOn.countDown();
                assertEquals(100, client.rest().length);
                assertTrue(calls.reads() - before < 10, calls.reads() - before + " reads of a stream that had ended");
            }
        }
    }

    @Test
    void decisions_can_be_asked_for_from_the_services_thread() throws Exception {
        server.offer(stream(connection -> connection
                .output()
                .write(connection.decide(AccessRequest.CONNECT).allowed() ? '+' : '-')));
        try (Client client = server.connect()) {
            assertEquals("+", client.restText());
        }
    }

    @Test
    void no_thread_is_left_when_clients_vanish_or_the_listener_stops() throws Exception {
        server.offer(stream(COPY));
        for (int i = 0; i < 50; i++) {
            server.connect().close();
        }
        try (Client open = server.connect()) {
            assertEquals("x", open.ask("x"));
            server.stop();
            Awaitility.await().until(() -> streamThreads().isEmpty());
        }
    }

    @Test
    void no_more_threads_than_allowed_are_taken_and_who_comes_too_late_is_told_so() throws Exception {
        ThreadCount threads = new ThreadCount();
        threads.limit(2);
        server.offer(new StreamOffer(COPY, threads));
        try (Client first = server.connect();
                Client second = server.connect()) {
            assertEquals("1", first.ask("1"));
            assertEquals("2", second.ask("2"));
            try (Client third = server.connect()) {
                assertEquals("Too many connections\n", third.restText());
            }
            Awaitility.await().until(() -> server.events(AuditEvent.Type.LIMITED).stream()
                    .anyMatch(event -> event.reason().equals("Too many threads")));
            first.leave();
            Awaitility.await().until(() -> threads.used() == 1);
            try (Client fourth = server.connect()) {
                assertEquals("4", fourth.ask("4"));
            }
        }
        Awaitility.await().until(() -> threads.used() == 0);
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static List<String> streamThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("peercred-stream-"))
                .toList();
    }

    /** A failure that cannot even be told. */
    private static final class Unspeakable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("injected");
        }
    }
}
