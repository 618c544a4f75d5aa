/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;

/** How connections end, whoever ends them and whatever goes on there. */
@Timeout(120)
class ConnectionEndTest {

    @AutoClose
    private final Web web = new Web();

    @Test
    void whoever_is_revoked_loses_the_connection_at_once_whatever_goes_on_there() throws Exception {
        try (Browser idle = web.browser();
                Browser events = web.browser();
                Browser upload = web.browser();
                Browser download = web.browser()) {
            assertEquals(200, idle.get("/x").status());
            events.request("GET /events");
            assertTrue(events.head().startsWith("HTTP/1.1 200"));
            upload.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
            download.request("GET /large");
            assertTrue(download.head().startsWith("HTTP/1.1 200"));
            Awaitility.await().until(() -> web.served.get() == 4);
            web.listener.access().denyAll();
            assertFalse(idle.rest().contains("HTTP"));
            events.rest();
            upload.rest();
            assertTrue(download.countRest() < Everything.LARGE);
            Awaitility.await().until(() -> web.connector.getConnectedEndPoints().isEmpty());
        }
    }

    @Test
    void a_connector_that_stops_lets_nobody_hang() throws Exception {
        try (Browser idle = web.browser();
                Browser waiting = web.browser()) {
            assertEquals(200, idle.get("/x").status());
            waiting.request("GET /events");
            assertTrue(waiting.head().startsWith("HTTP/1.1 200"));
            web.connector.stop();
            assertEquals("", idle.rest());
            waiting.rest();
            try (Browser late = web.browser()) {
                assertFalse(late.rest().isEmpty(), "it is told that there is no service");
            }
        }
        assertEquals(Set.of(), Set.copyOf(web.connector.getConnectedEndPoints()));
    }

    @Test
    void clients_that_vanish_leave_nothing() throws Exception {
        for (int i = 0; i < 500; i++) {
            try (Browser browser = web.browser()) {
                switch (i % 5) {
                    case 0 -> browser.request("GET /x");
                    case 1 -> browser.send("GET /x HTT");
                    case 2 -> browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
                    case 3 -> browser.request("GET /large");
                    default -> browser.halfClose();
                }
            }
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> web.connector.getConnectedEndPoints().isEmpty());
        try (Browser browser = web.browser()) {
            assertEquals("GET /x", browser.get("/x").body());
        }
    }

    @Test
    void a_listener_ends_an_idle_connection_but_none_whose_application_is_at_work() throws Exception {
        try (Browser busy = web.browser();
                Browser idle = web.browser()) {
            busy.request("GET /wait");
            assertEquals(200, idle.get("/x").status());
            Awaitility.await().until(() -> web.served.get() == 2);
            web.listener.configure("idle.timeout", "300 ms");
            idle.rest();
            Awaitility.await().until(() -> web.connector.getConnectedEndPoints().size() == 1);
            Awaitility.await()
                    .during(600, TimeUnit.MILLISECONDS)
                    .until(() -> web.connector.getConnectedEndPoints().size() == 1);
            web.application.goOn.countDown();
            assertEquals("waited", busy.reply().body());
        }
    }

    @Test
    void nobody_waits_for_a_connection_that_a_listener_has_ended() throws Exception {
        try (Browser browser = web.browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
            Awaitility.await().until(() -> web.served.get() == 1);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(web.listener::close);
            assertThrows(IOException.class, browser::reply);
            closed.get(60, TimeUnit.SECONDS);
        }
        Awaitility.await().until(() -> web.connector.getConnectedEndPoints().isEmpty());
        assertEquals(
                1,
                web.listener.events().stream()
                        .filter(event -> event.type() == AuditEvent.Type.CLOSED)
                        .count());
    }
}
