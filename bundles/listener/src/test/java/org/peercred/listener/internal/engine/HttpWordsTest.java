/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;

/** What a listener says itself to clients that speak HTTP. */
@Timeout(120)
class HttpWordsTest {

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server("protocol", "http");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static String response(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Length: " + body.length()
                + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + body;
    }

    @Test
    void who_is_denied_gets_a_response_also_when_a_request_was_sent_already() throws Exception {
        server.access.denyAll();
        try (Client client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000));
            assertEquals(response("403 Forbidden", "Unauthorized access\n"), client.restText());
        }
        server.configure("denied.message", "No");
        try (Client client = server.connect()) {
            assertEquals(response("403 Forbidden", "No\n"), client.restText());
        }
        server.configure("protocol", "text");
        try (Client client = server.connect()) {
            assertEquals("No\n", client.restText());
        }
    }

    @Test
    void one_too_many_and_a_missing_service_are_responses() throws Exception {
        server.configure("max.connections", "1");
        try (Client first = server.connect()) {
            assertEquals("> x", first.ask("x"));
            try (Client second = server.connect()) {
                assertEquals(response("503 Service Unavailable", "Too many connections\n"), second.restText());
            }
        }
        server.configure("max.connections", "10").offerNothing();
        try (Client client = server.connect()) {
            assertEquals(response("503 Service Unavailable", "Service unavailable\n"), client.restText());
        }
    }

    @Test
    void nothing_is_said_in_the_midst_of_a_talk() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("", client.restText());
        }
        server.access.allowAll();
        server.configure("idle.timeout", "50 ms");
        try (Client client = server.connect()) {
            assertEquals("", client.restText());
        }
    }

    @Test
    void only_one_protocol_or_the_other_is_understood() throws Exception {
        assertTrue(Server.settings(Map.of("path", "/x", "protocol", "http")).speaksHttp());
        assertFalse(Server.settings(Map.of("path", "/x")).speaksHttp());
    }
}
