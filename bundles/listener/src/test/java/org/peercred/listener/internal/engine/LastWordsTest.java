/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.LastWords;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.StreamConnection;
import org.peercred.service.StreamService;

/** What a client is told at last where the service has words of its own; that others get plain text, other tests show. */
@Timeout(120)
class LastWordsTest {

    /** Answers lines, and says why it is over in words of its own. */
    private static class Wordy implements LineService, LastWords {

        @Override
        public LineSession open(PeerConnection connection) {
            return Server.ECHO.open(connection);
        }

        @Override
        public byte[] lastWords(Cause cause, String text) {
            return bytes(cause + "<" + text + ">");
        }
    }

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        server.offer(new Wordy());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void a_stranger_hears_them() throws Exception {
        server.access.denyAll();
        try (Client client = server.connect()) {
            assertEquals("DENIED<Unauthorized access>", client.restText());
        }
    }

    @Test
    void who_is_one_too_many_hears_them() throws Exception {
        server.configure("max.connections", "1");
        try (Client first = server.connect()) {
            assertEquals("> x", first.ask("x"));
            try (Client second = server.connect()) {
                assertEquals("LIMITED<Too many connections>", second.restText());
            }
        }
    }

    @Test
    void who_sends_too_long_a_line_hears_them_behind_the_replies_that_are_due() throws Exception {
        server.configure("max.line.length", "10");
        try (Client client = server.connect()) {
            assertEquals(
                    "> a\nLIMITED<Line too long>",
                    client.send("a\n" + "b".repeat(20)).restText());
        }
    }

    @Test
    void who_is_revoked_hears_them() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("REVOKED<Unauthorized access>", client.restText());
        }
    }

    @Test
    void who_is_idle_hears_them() throws Exception {
        server.configure("idle.timeout", "200 ms");
        try (Client client = server.connect()) {
            assertEquals("IDLE<Idle timeout>", client.restText());
        }
    }

    @Test
    void who_is_disconnected_hears_them() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.listener.disconnect(server.listener.connections().get(0).id());
            assertEquals("DISCONNECTED<>", client.restText());
        }
    }

    @Test
    void who_is_there_when_the_listener_stops_hears_them() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.stop();
            assertEquals("STOPPED<>", client.restText());
        }
    }

    @Test
    void who_is_there_when_the_service_goes_hears_them_and_who_comes_later_hears_plain_text() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.offerNothing();
            assertEquals("UNAVAILABLE<Service unavailable>", client.restText());
        }
        try (Client client = server.connect()) {
            assertEquals("Service unavailable\n", client.restText());
        }
    }

    @Test
    void who_finds_the_service_broken_hears_them() throws Exception {
        server.offer(new Wordy() {
            @Override
            public LineSession open(PeerConnection connection) {
                throw new IllegalStateException("broken");
            }
        });
        try (Client client = server.connect()) {
            assertEquals("UNAVAILABLE<Service unavailable>", client.restText());
        }
    }

    @Test
    void one_connection_may_have_words_of_its_own() throws Exception {
        server.offer(new Wordy() {
            @Override
            public LineSession open(PeerConnection connection) {
                connection.lastWords((cause, text) -> bytes("for " + connection.id() + ": " + cause));
                return super.open(connection);
            }
        });
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            long id = server.listener.connections().get(0).id();
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("for " + id + ": REVOKED", client.restText());
        }
        try (Client stranger = server.connect()) {
            assertEquals("DENIED<Unauthorized access>", stranger.restText());
        }
    }

    @Test
    void a_stream_service_has_them_too() throws Exception {
        ThreadCount threads = new ThreadCount();
        threads.limit(1);
        server.offer(new StreamOffer(new WordyStream(), threads));
        try (Client client = server.connect()) {
            assertEquals("hello", client.receiveText(5));
            try (Client second = server.connect()) {
                assertEquals("LIMITED", second.restText());
            }
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("bye", client.restText());
        }
    }

    private static final class WordyStream implements StreamService, LastWords {

        @Override
        public void serve(StreamConnection connection) throws java.io.IOException {
            connection.lastWords((cause, text) -> bytes("bye"));
            connection.output().write(bytes("hello"));
            while (connection.input().read() >= 0) {}
        }

        @Override
        public byte[] lastWords(Cause cause, String text) {
            return bytes(cause.toString());
        }
    }

    @Test
    void words_that_fail_are_left_out_and_nobody_else_is_hurt() throws Exception {
        LogFile log = new LogFile();
        server.offer(new Wordy() {
            @Override
            public byte[] lastWords(Cause cause, String text) {
                throw new NoClassDefFoundError("half gone");
            }
        });
        try (Client revoked = server.connect()) {
            assertEquals("> x", revoked.ask("x"));
            server.access.denyAll();
            try (Client stranger = server.connect();
                    Client another = server.connect()) {
                assertEquals("", stranger.restText());
                assertEquals("", another.restText());
            }
            server.listener.recheck();
            assertEquals("", revoked.restText());
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        assertEquals(1, log.count("failed to say its last words"), "said once for all strangers");
        server.access.allowAll();
        try (Client client = server.connect()) {
            assertEquals("> y", client.ask("y"));
        }
    }

    @Test
    void no_words_are_a_clean_end_and_nothing_else() throws Exception {
        server.offer(new Wordy() {
            @Override
            public byte[] lastWords(Cause cause, String text) {
                return new byte[0];
            }
        });
        server.access.denyAll();
        try (Client client = server.connect()) {
            assertEquals("", client.restText());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
