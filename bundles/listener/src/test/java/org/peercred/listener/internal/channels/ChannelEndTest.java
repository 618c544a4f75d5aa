/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelService;
import org.peercred.service.ChannelSession;
import org.peercred.service.LastWords;

/** How channels end or never begin, and what their clients hear of it. */
@Timeout(120)
class ChannelEndTest extends ChannelFixture {

    @ParameterizedTest
    @ValueSource(strings = {"text", "http"})
    void a_revoked_connection_throws_wherever_it_is_used_and_nothing_is_put_into_what_was_written(String protocol)
            throws Exception {
        Quiet session = offerQuiet();
        server.configure("protocol", protocol);
        try (Client client = server.connect()) {
            ChannelConnection connection = connection();
            connection.write(ascii("before ", false));
            server.access.denyAll();
            server.listener.recheck();
            assertTrue(session.closed.await(60, TimeUnit.SECONDS));
            assertFalse(connection.isOpen());
            assertThrows(IOException.class, () -> connection.read(ByteBuffer.allocate(1)));
            assertThrows(IOException.class, () -> connection.write(ascii("late", false)));
            assertThrows(IOException.class, connection::shutdownOutput);
            connection.end();
            assertEquals("before ", client.restText());
        }
        Awaitility.await().until(() -> server.events(AuditEvent.Type.REVOKED).size() == 1);
        Awaitility.await().until(() -> server.events(AuditEvent.Type.CLOSED).size() == 1);
    }

    /** Knows what may be said where. */
    private static final class Eloquent implements ChannelService, LastWords {

        @Override
        public ChannelSession open(ChannelConnection connection) {
            return new Quiet();
        }

        @Override
        public byte[] lastWords(Cause cause, String text) {
            return (cause + ": " + text).getBytes(StandardCharsets.US_ASCII);
        }
    }

    @Test
    void last_words_of_the_services_own_are_said_all_the_same() throws Exception {
        server.offer(new ChannelOffer(new Eloquent()));
        try (Client client = server.connect()) {
            Awaitility.await()
                    .until(() -> server.events(AuditEvent.Type.ALLOWED).size() == 1);
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("REVOKED: Unauthorized access", client.restText());
        }
    }

    @Test
    void who_is_denied_never_reaches_the_service() throws Exception {
        offerQuiet();
        server.access.denyAll();
        try (Client client = server.connect()) {
            assertEquals("Unauthorized access\n", client.send("x").restText());
        }
        assertFalse(opened.isDone());
    }

    @Test
    void limits_are_told_and_withdrawal_and_stop_end_it_without_words() throws Exception {
        server.offer(serve(WaitingChannel::echo)).configure("max.connections", "1");
        try (Client first = server.connect()) {
            assertEquals("x", first.ask("x"));
            try (Client second = server.connect()) {
                assertEquals("Too many connections\n", second.restText());
            }
            server.offerNothing();
            assertEquals("", first.restText());
        }
        server.offer(serve(WaitingChannel::echo));
        Awaitility.await().until(() -> server.listener.open() == 0);
        try (Client third = server.connect()) {
            assertEquals("x", third.ask("x"));
            server.stop();
            assertEquals("", third.restText());
        }
    }

    @Test
    void who_does_nothing_is_idle_unless_the_service_is_busy() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        server.configure("idle.timeout", "200 ms").offer(new ChannelOffer(connection -> new Quiet() {
            @Override
            public boolean isBusy() {
                return busy.get();
            }
        }));
        try (Client client = server.connect()) {
            Awaitility.await().during(700, TimeUnit.MILLISECONDS).until(() -> server.listener.open() == 1);
            busy.set(false);
            assertEquals("", client.restText());
        }
    }

    @Test
    void a_service_that_throws_ends_its_own_connection_alone() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        server.offer(new ChannelOffer(connection -> new ChannelSession() {
            @Override
            public void readable() {
                throw new IllegalStateException("broken");
            }

            @Override
            public void writable() {}

            @Override
            public void closed() {
                closed.incrementAndGet();
                throw new IllegalStateException("broken, too");
            }
        }));
        try (Client other = server.connect();
                Client client = server.connect()) {
            assertEquals("", client.send("x").restText());
            assertFalse(other.hasNews());
        }
        Awaitility.await().until(() -> closed.get() >= 1);
    }

    @Test
    void a_service_that_cannot_open_a_channel_cannot_use_it_either() throws Exception {
        CompletableFuture<ChannelConnection> half = new CompletableFuture<>();
        ChannelService failing = connection -> {
            half.complete(connection);
            throw new IllegalStateException("broken");
        };
        server.offer(new ChannelOffer(failing));
        try (Client client = server.connect()) {
            assertEquals("Service unavailable\n", client.restText());
            assertThrows(IOException.class, () -> half.join().write(ascii("x", false)));
        }
    }

    @Test
    void a_service_that_could_not_open_a_channel_is_not_asked_again_by_its_end() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.offer(new ChannelOffer(connection -> {
            asked.incrementAndGet();
            opened.complete(connection);
            throw new IllegalStateException("expected");
        }));
        try (Client client = server.connect()) {
            assertEquals("Service unavailable\n", client.restText());
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        connection().end();
        // Comes later than what the end has the loop do.
        try (Client another = server.connect()) {
            another.rest();
        }
        assertEquals(2, asked.get());
    }
}
