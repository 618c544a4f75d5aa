/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.http.internal.Web.Audited;

/** What the audit log is told of requests. */
@Timeout(120)
class RequestAuditTest {

    @AutoClose
    private final Web web = new Web();

    @BeforeEach
    void audit() {
        web.auditsRequests = true;
    }

    private Audited only() {
        Awaitility.await().until(() -> !web.audited.isEmpty());
        assertEquals(1, web.audited.size());
        return web.audited.get(0);
    }

    @Test
    void an_answered_request_is_told_with_its_status_its_bytes_and_its_time() throws Exception {
        try (Browser browser = web.browser()) {
            assertEquals(
                    "GET /some/where", browser.get("/some/where?password=x").body());
        }
        Audited audited = only();
        assertEquals("http:GET /some/where", audited.action());
        assertEquals("answered", audited.reason());
        assertEquals("GET", audited.details().get("method"));
        assertEquals("/some/where", audited.details().get("path"));
        assertEquals("200", audited.details().get("status"));
        assertEquals("15", audited.details().get("bytes"));
        assertTrue(Long.parseLong(audited.details().get("micros")) >= 0);
        assertEquals(5, audited.details().size());
    }

    @Test
    void a_refused_request_is_told_with_the_answer_that_it_got() throws Exception {
        web.decideRequests(action -> false);
        try (Browser browser = web.browser()) {
            assertEquals(403, browser.get("/closed").status());
        }
        assertEquals("403", only().details().get("status"));
        assertEquals("http:GET /closed", only().action());
    }

    @ParameterizedTest
    @CsvSource({
        "/a?secret=1, /a",
        "/a;jsessionid=secret?x, /a",
        "/a%20b%0asecret, /a%20b%0asecret",
        "/a%20b, /a b",
        "//secret;x, //secret",
    })
    void a_path_is_told_without_what_follows_it(String sent, String told) throws Exception {
        try (Browser browser = web.browser()) {
            browser.get(sent);
        }
        assertEquals("http:GET " + told, only().action());
        assertEquals(told, only().details().get("path"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",
                "GET /x HTTP/9.9\r\nHost: h\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
                "G\u0001T /x HTTP/1.1\r\nHost: h\r\n\r\n",
                "\u0001\u0002\r\n\r\n",
            })
    void a_request_that_the_server_does_not_understand_is_told_with_what_is_known_of_it(String sent) throws Exception {
        int status;
        try (Browser browser = web.browser()) {
            status = browser.send(sent).reply().status();
        }
        assertTrue(status >= 400, () -> "status " + status);
        assertEquals(Integer.toString(status), only().details().get("status"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/forward", "/dispatch"})
    void a_request_that_an_application_passes_on_is_told_once_as_it_was_sent(String path) throws Exception {
        try (Browser browser = web.browser()) {
            assertEquals("GET /closed", browser.get(path).body());
        }
        assertEquals("http:GET " + path, only().action());
        assertEquals("200", only().details().get("status"));
    }

    @Test
    void every_request_of_a_connection_is_told_of_once_in_order() throws Exception {
        try (Browser browser = web.browser()) {
            for (int i = 0; i < 20; i++) {
                browser.request("GET /" + i);
            }
            for (int i = 0; i < 20; i++) {
                browser.reply();
            }
        }
        Awaitility.await().until(() -> web.audited.size() == 20);
        List<String> expected = Stream.iterate(0, i -> i + 1)
                .limit(20)
                .map(i -> "http:GET /" + i)
                .toList();
        assertEquals(expected, web.audited.stream().map(Audited::action).toList());
    }

    @Test
    void nothing_is_told_where_the_audit_does_not_want_it_and_a_change_counts_for_the_next_request() throws Exception {
        web.auditsRequests = false;
        try (Browser browser = web.browser()) {
            browser.get("/first");
            web.auditsRequests = true;
            browser.get("/second");
        }
        assertEquals("http:GET /second", only().action());
        assertEquals(2, web.counted.get());
        assertFalse(
                web.listener.events().stream().anyMatch(event -> event.action().startsWith("http:")));
    }
}
