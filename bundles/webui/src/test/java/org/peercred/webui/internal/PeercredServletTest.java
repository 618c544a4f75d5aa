/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.EngineStatistics;
import org.peercred.service.ListenerDirectory;
import org.peercred.webui.internal.metrics.FakeEngine;

/** Who is shown the metrics, and how they are sent; where the page is. */
@Timeout(120)
class PeercredServletTest {

    private static final String METRICS = "/peercred/metrics";

    private Web web;

    @BeforeEach
    void start() throws Exception {
        web = new Web();
        there();
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
    }

    private void there() {
        FakeEngine engine = new FakeEngine();
        web.services.add(ListenerDirectory.class, engine);
        web.services.add(EngineStatistics.class, engine);
    }

    private HttpResponse<String> ask(String method) throws Exception {
        return web.send(web.request(METRICS).method(method, BodyPublishers.noBody()));
    }

    @Test
    void a_viewer_is_shown_the_metrics_as_prometheus_wants_them() throws Exception {
        HttpResponse<String> response = ask("GET");
        assertEquals(200, response.statusCode());
        assertEquals(
                List.of("text/plain;version=0.0.4;charset=utf-8"),
                response.headers().allValues("Content-Type").stream()
                        .map(type -> type.replace(" ", ""))
                        .toList());
        assertEquals(List.of("no-store"), response.headers().allValues("Cache-Control"));
        assertTrue(response.body().contains("\npeercred_engine_loops 2\n"), response.body());
        HttpResponse<String> head = ask("HEAD");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(0, web.services.held());
    }

    @Test
    void whoever_has_another_role_or_none_is_refused() throws Exception {
        for (String other : List.of("", "admin", "manager", "Viewer")) {
            web.roles = Set.of(other);
            for (String method : List.of("GET", "HEAD")) {
                HttpResponse<String> response = ask(method);
                assertEquals(403, response.statusCode(), other);
                assertFalse(response.body().contains("peercred_"), response.body());
            }
        }
    }

    @Test
    void nothing_can_be_changed_by_it() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE")) {
            assertEquals(405, ask(method).statusCode(), method);
        }
    }

    @Test
    void a_missing_service_is_named() throws Exception {
        web.services.remove(ListenerDirectory.class);
        HttpResponse<String> response = ask("GET");
        assertEquals(503, response.statusCode());
        assertTrue(response.body().startsWith("The service ListenerDirectory is missing; "), response.body());
        there();
        assertEquals(200, ask("GET").statusCode());
    }

    @Test
    void knows_whether_a_web_server_has_it() throws Exception {
        assertEquals(200, ask("GET").statusCode());
        assertTrue(web.servlet.isTaken());
        web.stop();
        assertFalse(web.servlet.isTaken());
    }

    @Test
    void its_place_without_a_slash_leads_to_the_page() throws Exception {
        HttpResponse<String> response = web.get("/peercred");
        assertEquals(302, response.statusCode());
        assertEquals("peercred/", response.headers().firstValue("Location").orElseThrow());
        assertEquals(200, web.get("/peercred/").statusCode());
    }
}
