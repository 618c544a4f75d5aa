/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelSession;

/** Reads that poll before they say that there is nothing: what the loop is told of meanwhile, and that nothing is missed afterwards. */
@Timeout(120)
class PolledChannelTest {

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final CountingLibC calls = new CountingLibC(Server.LIBC);
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server(calls);
        server.loop.spin(true);
        server.offer(new PolledOffer(WaitingChannel.service(pool, WaitingChannel::echo)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        pool.shutdownNow();
        assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
    }

    /** Whether the loop was ever told of less than of what comes in. */
    private boolean inputWasLeftOut() {
        return calls.interests().stream().anyMatch(interest -> !isOfInput(interest));
    }

    private static boolean isOfInput(int interest) {
        return (interest & Epoll.IN) != 0;
    }

    @Test
    void the_loop_is_not_told_of_what_a_thread_looks_for_and_of_everything_again_once_it_looks_no_longer()
            throws Exception {
        try (Client client = server.connect()) {
            for (int i = 0; i < 500; i++) {
                assertEquals("x" + i, client.ask("x" + i));
            }
            assertTrue(inputWasLeftOut());
            Awaitility.await()
                    .until(() ->
                            isOfInput(calls.interests().get(calls.interests().size() - 1)));
            assertEquals("later", client.ask("later"));
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void nothing_is_missed_whenever_clients_send() throws Exception {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            Random random = new Random(k);
            done.add(CompletableFuture.runAsync(() -> askAtTimes(random), pool));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(100, TimeUnit.SECONDS);
    }

    /** About as often while it is polled as shortly before and after. */
    private void askAtTimes(Random random) {
        try (Client client = server.connect()) {
            for (int i = 0; i < 4000; i++) {
                assertEquals("x" + i, client.ask("x" + i));
                LockSupport.parkNanos(random.nextInt((int) (2 * BusyPolling.NANOS)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void with_spin_switched_off_no_read_polls() throws Exception {
        server.loop.spin(false);
        try (Client client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                assertEquals("x" + i, client.ask("x" + i));
            }
        }
        assertFalse(inputWasLeftOut());
    }

    @Test
    void a_read_on_the_loop_does_not_poll() throws Exception {
        server.offer(new PolledOffer(OnTheLoop::new));
        try (Client client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                assertEquals("x" + i, client.ask("x" + i));
            }
        }
        assertFalse(inputWasLeftOut());
    }

    @Test
    void a_client_that_goes_while_it_is_looked_for_is_noticed() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (Client client = server.connect()) {
                assertEquals("x", client.ask("x"));
            }
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void a_connection_that_is_revoked_while_it_is_polled_ends_at_once() throws Exception {
        for (int i = 0; i < 100; i++) {
            server.access.allowAll();
            try (Client client = server.connect()) {
                assertEquals("x", client.ask("x"));
                server.access.denyAll();
                server.listener.recheck();
                assertEquals("", new String(client.rest(), StandardCharsets.US_ASCII));
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
        }
    }

    /** A session that answers where it is told. */
    private record OnTheLoop(ChannelConnection connection) implements ChannelSession {

        @Override
        public void readable() {
            ByteBuffer bytes = ByteBuffer.allocate(1000);
            try {
                while (connection.read(bytes.clear()) > 0) {
                    connection.write(bytes.flip());
                }
            } catch (IOException e) {
                connection.end();
            }
        }

        @Override
        public void writable() {}

        @Override
        public void closed() {}
    }
}
