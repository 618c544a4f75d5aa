/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;

/** How a connection with a stream ends, and what its service learns of that. */
@Timeout(120)
class StreamEndTest extends StreamFixture {

    @Test
    void a_revoked_connection_is_an_exception_and_not_an_end_of_input() throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        server.offer(stream(connection -> {
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
            assertEquals("exception", outcome.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void a_service_is_interrupted_before_it_learns_that_the_connection_has_ended() throws Exception {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        server.offer(stream(connection -> {
            connection.output().write('+');
            try {
                while (connection.input().read() >= 0) {}
            } finally {
                interrupted.add(Thread.interrupted());
            }
        }));
        for (int i = 0; i < 300; i++) {
            try (Client client = server.connect()) {
                assertEquals("+", client.receiveText(1));
                client.send("some");
                server.access.denyAll();
                server.listener.recheck();
                assertEquals("Unauthorized access\n", client.restText());
                server.access.allowAll();
            }
        }
        Awaitility.await().until(() -> interrupted.size() == 300);
        assertEquals(Set.of(true), Set.copyOf(interrupted));
    }

    @Test
    void last_words_come_behind_everything_that_was_written() throws Exception {
        byte[] piece = new byte[1000];
        Arrays.fill(piece, (byte) 'x');
        CompletableFuture<Integer> written = new CompletableFuture<>();
        server.offer(stream(connection -> {
            int count = 0;
            try {
                for (; ; count++) {
                    connection.output().write(piece);
                }
            } finally {
                written.complete(count);
            }
        }));
        try (Client client = server.connect()) {
            assertEquals("x", client.receiveText(1));
            server.access.denyAll();
            server.listener.recheck();
            int count = written.get(60, TimeUnit.SECONDS);
            assertEquals("x".repeat(1000 * count - 1) + "Unauthorized access\n", client.restText());
        }
    }

    @Test
    void a_thread_that_waits_to_write_is_told_of_the_end_before_the_last_words_are_made() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CompletableFuture<Thread> writing = new CompletableFuture<>();
        server.offer(stream(connection -> {
            connection.lastWords((cause, text) -> ("told " + isReached(told)).getBytes(StandardCharsets.UTF_8));
            Thread writer = new Thread(() -> {
                try {
                    for (; ; ) {
                        connection.output().write(new byte[1000]);
                    }
                } catch (IOException e) {
                    told.countDown();
                }
            });
            writer.start();
            writing.complete(writer);
            connection.input().read();
        }));
        try (Client client = server.connect()) {
            Thread writer = writing.get(60, TimeUnit.SECONDS);
            Awaitility.await().until(() -> writer.getState() == Thread.State.WAITING);
            server.access.denyAll();
            server.listener.recheck();
            String received = client.restText();
            assertTrue(received.endsWith("told true"), () -> received.substring(received.length() - 10));
        }
    }

    @Test
    void of_a_write_that_is_interrupted_nothing_is_sent() throws Exception {
        byte[] piece = new byte[64 * 1024];
        CompletableFuture<Thread> writing = new CompletableFuture<>();
        CompletableFuture<Integer> written = new CompletableFuture<>();
        server.offer(stream(connection -> {
            writing.complete(Thread.currentThread());
            int count = 0;
            try {
                for (; ; count++) {
                    connection.output().write(piece);
                }
            } catch (InterruptedIOException e) {
                Thread.interrupted();
                written.complete(count);
                connection.output().write('!');
            }
        }));
        try (Client client = server.connect()) {
            Thread thread = writing.get(60, TimeUnit.SECONDS);
            Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
            thread.interrupt();
            int count = written.get(60, TimeUnit.SECONDS);
            byte[] received = client.rest();
            assertEquals(count * piece.length + 1, received.length);
            assertEquals('!', received[received.length - 1]);
        }
    }

    @Test
    void a_service_that_throws_ends_its_own_connection_after_what_it_wrote() throws Exception {
        server.offer(stream(connection -> {
            connection.output().write("last words\n".getBytes(StandardCharsets.UTF_8));
            throw new IllegalStateException("broken");
        }));
        try (Client client = server.connect()) {
            assertEquals("last words\n", client.restText());
        }
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
