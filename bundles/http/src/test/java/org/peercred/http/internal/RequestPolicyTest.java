/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.http.internal.Browser.Reply;

/** Which requests reach an application, and what is said to the others. */
@Timeout(120)
class RequestPolicyTest {

    @AutoClose
    private final Web web = new Web();

    @Test
    void a_policy_decides_each_request_before_the_application_sees_it() throws Exception {
        web.decideRequests("http:GET /open"::equals);
        try (Browser browser = web.browser()) {
            assertEquals("GET /open", browser.get("/open?query=1").body());
            Reply refused = browser.get("/closed");
            assertEquals(403, refused.status());
            assertEquals("Unauthorized access\n", refused.body());
            assertEquals("", browser.rest());
        }
        try (Browser browser = web.browser()) {
            assertEquals(403, browser.request("POST /open").reply().status());
        }
        assertEquals(1, web.served.get());
        AuditEvent event = web.listener.awaitEvent(AuditEvent.Type.COMMAND);
        assertEquals("http:GET /closed", event.action());
        assertEquals("denied", event.details().get(AuditEvent.RESULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "http:GET /closed"})
    void a_policy_that_covers_everything_or_a_single_request_has_each_request_decided(String covered) throws Exception {
        web.decideRequests(covered, "http:GET /open"::equals);
        try (Browser browser = web.browser()) {
            assertEquals("GET /open", browser.get("/open").body());
            assertEquals(403, browser.get("/closed").status());
        }
        assertEquals(1, web.served.get());
    }

    @Test
    void a_policy_of_connections_decides_no_request() throws Exception {
        web.decideRequests(AccessRequest.CONNECT, action -> false);
        try (Browser browser = web.browser()) {
            assertEquals("GET /open", browser.get("/open").body());
        }
    }

    @Test
    void who_is_refused_a_request_is_told_what_the_listener_tells_the_refused() throws Exception {
        web.decideRequests(action -> false);
        web.listener.configure("denied.message", "Ask the operators for access");
        try (Browser browser = web.browser()) {
            Reply refused = browser.get("/closed");
            assertEquals(403, refused.status());
            assertEquals("Ask the operators for access\n", refused.body());
            assertEquals("", browser.rest());
        }
    }

    @Test
    void a_change_of_a_policy_counts_for_the_next_request_of_an_open_connection() throws Exception {
        web.decideRequests(action -> true);
        try (Browser browser = web.browser()) {
            assertEquals(200, browser.get("/x").status());
            web.decideRequests(action -> false);
            assertEquals(403, browser.get("/x").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/forward", "/dispatch"})
    void rules_decide_what_the_client_asks_for_and_not_what_the_application_makes_of_it(String path) throws Exception {
        web.decideRequests(("http:GET " + path)::equals);
        try (Browser browser = web.browser()) {
            assertEquals("GET /closed", browser.get(path).body());
            assertEquals(403, browser.get("/closed").status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open%2f..%2fclosed",
                "GET /open/..;/closed",
                "GET /open/../closed",
                "GET /open/%2e%2e/closed",
                "GET //open",
                "GET /open%252f",
                "GET /open%00",
                "GET /open;x=1",
                "GET /open\\x",
                "OPTIONS *",
                "CONNECT localhost:80",
                "GET http://other//open",
            })
    void a_target_with_two_readings_is_a_bad_request_where_a_policy_decides(String line) throws Exception {
        web.decideRequests(action -> true);
        try (Browser browser = web.browser()) {
            assertEquals("400", browser.request(line).rest().substring(9, 12));
        }
        assertEquals(0, web.served.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /open", "get /open", "TRACE /open", "GET /Open", "GET /open/", "GET http://other/x"})
    void a_request_is_decided_as_it_is(String line) throws Exception {
        web.decideRequests("http:GET /open"::equals);
        try (Browser browser = web.browser()) {
            String status = browser.request(line).rest().substring(9, 12);
            assertTrue(List.of("403", "400").contains(status), status);
        }
        assertEquals(0, web.served.get());
    }

    @Test
    void a_method_in_a_header_is_a_bad_request_where_a_policy_decides() throws Exception {
        web.decideRequests(action -> true);
        try (Browser browser = web.browser()) {
            assertEquals(
                    400, browser.get("/x", "X-HTTP-Method-Override: DELETE").status());
        }
    }

    @Test
    void a_refusal_reaches_a_client_that_sends_a_large_body() throws Exception {
        web.decideRequests(action -> false);
        try (Browser browser = web.browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + Everything.LARGE + "\r\n\r\n");
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    browser.send(new byte[4 << 20]);
                } catch (IOException e) {
                    // It was told, and cut off.
                }
            });
            assertEquals(403, browser.reply().status());
            sent.get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
                "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked, x\r\n\r\n0\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: x\r\n folded: x\r\n\r\n",
                "GET /a\u0000b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
            })
    void what_two_parsers_could_read_differently_reaches_no_application(String bytes) throws Exception {
        try (Browser browser = web.browser()) {
            assertEquals("400", browser.send(bytes).rest().substring(9, 12));
        }
        assertEquals(0, web.served.get());
    }

    @Test
    void without_anybody_to_decide_no_application_is_reached() throws Exception {
        web.undecided = true;
        try (Browser browser = web.browser()) {
            Reply reply = browser.get("/x");
            assertEquals(503, reply.status());
            assertTrue(reply.head().contains("Connection: close"), reply.head());
            assertEquals("", browser.rest());
        }
        assertEquals(0, web.served.get());
    }
}
