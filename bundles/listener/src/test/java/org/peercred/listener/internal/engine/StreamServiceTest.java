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
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessRequest;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.StreamService;

/** Services that talk in blocking streams. */
@Timeout(60)
class StreamServiceTest {

    private static final StreamService COPY = connection -> {
        byte[] bytes = new byte[10_000];
        for (int count = connection.input().read(bytes);
                count >= 0;
                count = connection.input().read(bytes)) {
            connection.output().write(bytes, 0, count);
        }
    };

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
    void every_byte_arrives_in_both_directions_and_half_close_is_end_of_stream() throws Exception {
        server.offer(new StreamAdapter(COPY));
        byte[] sent = new byte[300_000];
        new Random(7).nextBytes(sent);
        try (Client client = server.connect()) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> rest(client));
            client.send(sent).halfClose();
            assertArrayEquals(sent, received.get(20, TimeUnit.SECONDS));
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void a_service_that_does_not_read_stops_its_client_and_nobody_else() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        server.offer(new StreamAdapter(connection -> {
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
        server.offer(new StreamAdapter(connection -> {
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
    void a_revoked_connection_is_an_exception_and_not_an_end_of_input() throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        server.offer(new StreamAdapter(connection -> {
            try {
                connection.output().write('+');
                outcome.complete("read " + connection.input().read());
            } catch (IOException e) {
                outcome.complete("exception");
                throw e;
            }
        }));
        try (Client client = server.connect()) {
            assertEquals("+", client.receiveText(1));
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("Unauthorized access\n", client.restText());
            assertEquals("exception", outcome.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void a_service_that_throws_ends_its_own_connection_after_what_it_wrote() throws Exception {
        server.offer(new StreamAdapter(connection -> {
            connection.output().write("last words\n".getBytes(StandardCharsets.UTF_8));
            throw new IllegalStateException("broken");
        }));
        try (Client client = server.connect()) {
            assertEquals("last words\n", client.restText());
        }
    }

    @Test
    void decisions_can_be_asked_for_from_the_services_thread() throws Exception {
        server.offer(new StreamAdapter(connection -> connection
                .output()
                .write(connection.decide(AccessRequest.CONNECT).allowed() ? '+' : '-')));
        try (Client client = server.connect()) {
            assertEquals("+", client.restText());
        }
    }

    @Test
    void no_thread_is_left_when_clients_vanish_or_the_listener_stops() throws Exception {
        server.offer(new StreamAdapter(COPY));
        for (int i = 0; i < 50; i++) {
            server.connect().close();
        }
        try (Client open = server.connect()) {
            assertEquals("x", open.ask("x"));
            server.stop();
            Awaitility.await().until(() -> streamThreads().isEmpty());
        }
    }

    private static byte[] rest(Client client) {
        try {
            return client.rest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> streamThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("peercred-stream-"))
                .toList();
    }
}
