/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;

/** What a client that has sent all, or has gone, means to a service that asks to end with it. */
@Timeout(120)
class StreamClientTest extends StreamFixture {

    @Test
    void a_service_that_asks_for_it_ends_with_its_client_and_not_with_what_the_client_sends() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        server.offer(stream(connection -> {
            connection.endWithClient();
            connection.input().readAllBytes();
            connection.output().write('+');
            asked.countDown();
            try {
                interrupted.complete(new CountDownLatch(1).await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        }));
        try (Client client = server.connect()) {
            client.send("all").halfClose();
            assertEquals("+", client.receiveText(1));
            asked.await();
            assertFalse(interrupted.isDone());
        }
        assertTrue(interrupted.get(60, TimeUnit.SECONDS));
    }

    @Test
    void a_service_that_asks_for_it_ends_with_a_client_whose_bytes_it_does_not_read() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        server.offer(stream(connection -> {
            connection.endWithClient();
            connection.output().write('+');
            try {
                interrupted.complete(new CountDownLatch(1).await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        }));
        try (Client client = server.connect()) {
            assertEquals("+", client.send("x".repeat(100_000)).receiveText(1));
        }
        assertTrue(interrupted.get(60, TimeUnit.SECONDS));
    }

    @Test
    void a_client_that_has_sent_all_and_waits_for_the_service_is_not_idle() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        server.offer(stream(connection -> {
            connection.endWithClient();
            connection.input().readAllBytes();
            waiting.countDown();
            awaitQuietly(go);
            connection.output().write("done".getBytes(StandardCharsets.UTF_8));
        }));
        try (Client client = server.connect()) {
            client.send("all").halfClose();
            assertTrue(waiting.await(60, TimeUnit.SECONDS));
            server.settle();
            server.configure("idle.timeout", "100 ms");
            Awaitility.await()
                    .during(500, TimeUnit.MILLISECONDS)
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> !client.hasNews());
            go.countDown();
            assertEquals("done", client.restText());
        }
    }

    @Test
    void a_client_that_has_sent_all_and_does_not_read_is_idle() throws Exception {
        server.configure("idle.timeout", "200 ms");
        server.offer(stream(connection -> {
            connection.endWithClient();
            connection.input().readAllBytes();
            connection.output().write(new byte[16 << 20]);
        }));
        try (Client client = server.connect()) {
            client.send("all").halfClose();
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> server.listener.open() == 0);
            Awaitility.await().until(() -> server.events(AuditEvent.Type.LIMITED).stream()
                    .anyMatch(event -> event.reason().equals("Idle timeout")));
        }
    }
}
