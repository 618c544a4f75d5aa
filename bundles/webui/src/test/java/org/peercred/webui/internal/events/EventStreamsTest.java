/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.common.testing.FakeAudit;
import org.peercred.webui.internal.Web;

/** Decisions on their way to browsers. */
@Timeout(120)
class EventStreamsTest {

    private static final String EVENTS = "/peercred/api/events";

    private final FakeAudit audit = new FakeAudit();
    private Web web;

    @BeforeEach
    void start() throws Exception {
        web = new Web();
        web.services.add(AuditLog.class, audit);
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
        await().until(() -> audit.followers.isEmpty() && web.services.held() == 0);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("peercred-webui-events")));
    }

    private BufferedReader open() throws Exception {
        HttpResponse<InputStream> response = web.open(EVENTS);
        assertEquals(200, response.statusCode());
        assertEquals(
                "text/event-stream;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""));
        BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
        assertEquals(": begun", lines.readLine());
        return lines;
    }

    private void happen(long connection) {
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", connection, 1001));
    }

    @Test
    void each_browser_is_told_of_each_decision() throws Exception {
        try (BufferedReader one = open();
                BufferedReader two = open()) {
            happen(7);
            for (BufferedReader lines : List.of(one, two)) {
                assertEquals("", lines.readLine());
                assertEquals("event: decision", lines.readLine());
                String data = lines.readLine();
                assertTrue(data.startsWith("data: {\"time\":\"1970-01-01T00:00:00Z\",\"event\":\"denied\","), data);
                assertTrue(data.endsWith(",\"line\":\"event=denied connection=7\"}"), data);
            }
        }
    }

    @Test
    void a_browser_that_has_gone_is_forgotten() throws Exception {
        open().close();
        await().until(() -> {
            happen(1);
            return audit.followers.isEmpty();
        });
    }

    @Test
    void who_may_look_no_more_is_told_no_more() throws Exception {
        try (BufferedReader lines = open()) {
            web.roles = Set.of();
            happen(1);
            assertEquals("", lines.readLine());
            assertEquals(null, lines.readLine());
        }
    }

    @Test
    void more_browsers_than_there_is_room_for_have_to_ask_until_there_is() throws Exception {
        List<BufferedReader> open = new ArrayList<>();
        for (int i = 0; i < EventStreams.MOST; i++) {
            open.add(open());
        }
        assertEquals(503, web.get(EVENTS).statusCode());
        open.get(0).close();
        await().until(() -> {
            happen(1);
            return web.open(EVENTS).statusCode() == 200;
        });
        for (BufferedReader lines : open) {
            lines.close();
        }
    }

    @Test
    void a_slow_browser_keeps_nobody_waiting_and_is_told_how_many_it_missed() throws Exception {
        int many = 40_000;
        try (Socket slow = new Socket(
                web.authority().split(":", 2)[0],
                Integer.parseInt(web.authority().split(":", 2)[1]))) {
            slow.setReceiveBufferSize(4096);
            slow.getOutputStream().write(("GET " + EVENTS + " HTTP/1.0\r\n\r\n").getBytes(UTF_8));
            await().until(() -> audit.followers.size() == 1);
            for (int i = 0; i < many; i++) {
                happen(i);
            }
            // It reads only now.
            assertEquals(many, told(slow.getInputStream()));
        }
    }

    /** How many decisions are told, those counted that were missed. */
    private int told(InputStream stream) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
        int told = 0;
        int missed = 0;
        while (told + missed < 40_000) {
            String line = lines.readLine();
            if (line.equals("event: decision")) {
                told++;
            } else if (line.equals("event: missed")) {
                missed += Integer.parseInt(lines.readLine().replaceAll("\\D", ""));
            }
        }
        assertTrue(missed > 0);
        return told + missed;
    }

    @Test
    void who_wants_no_body_takes_no_room() throws Exception {
        assertEquals(
                404,
                web.send(web.request(EVENTS).method("HEAD", BodyPublishers.noBody()))
                        .statusCode());
        assertEquals(List.of(), audit.followers);
    }

    @Test
    void the_end_of_the_bundle_ends_all_streams() throws Exception {
        try (BufferedReader lines = open()) {
            web.closeStreams();
            assertEquals("", lines.readLine());
            assertEquals(null, lines.readLine());
            assertEquals(503, web.get(EVENTS).statusCode());
        }
    }

    @Test
    void without_an_audit_log_the_stream_ends_and_the_browser_asks_again() throws Exception {
        web.services.remove(AuditLog.class);
        assertEquals("", web.get(EVENTS).body());
    }
}
