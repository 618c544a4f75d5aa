/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What applications see of a request that a reverse proxy passes on, and that only proxies are believed. */
@Timeout(120)
class ForwardingTest {

    private static final String FORWARDED = "Forwarded: for=\"192.0.2.60:4711\";proto=https;host=shop.example";
    private static final String UNCHANGED = "alice [] [] 0 true http://localhost/where";

    @AutoClose
    private final Web web = new Web();

    ForwardingTest() {
        web.name = "alice";
        web.proxyRole = Optional.of("proxy");
    }

    @Test
    void a_proxy_says_which_address_scheme_and_host_applications_see_and_never_who_is_calling() throws Exception {
        web.listener.grantRoles("proxy");
        try (Browser browser = web.browser()) {
            assertEquals(
                    "alice [192.0.2.60] [192.0.2.60] 4711 true https://shop.example/where",
                    browser.get("/where", FORWARDED, "X-Forwarded-User: root").body());
            assertEquals(
                    "alice [192.0.2.61] [192.0.2.61] 0 false http://shop.example:81/where",
                    browser.get(
                                    "/where",
                                    "X-Forwarded-For: 10.0.0.1, 192.0.2.61",
                                    "X-Forwarded-Proto: http",
                                    "X-Forwarded-Host: shop.example:81")
                            .body());
            assertEquals(UNCHANGED, browser.get("/where").body());
            assertTrue(browser.get("/who", FORWARDED).body().startsWith("alice UserPrincipal PEERCRED false true "));
        }
    }

    @Test
    void others_are_not_believed_nor_anybody_where_there_is_no_such_role() throws Exception {
        web.listener.grantRoles("viewer");
        try (Browser browser = web.browser()) {
            assertEquals(
                    UNCHANGED,
                    browser.get("/where", FORWARDED, "X-Forwarded-For: 10.0.0.1")
                            .body());
            web.listener.grantRoles("proxy");
            web.proxyRole = Optional.empty();
            assertEquals(
                    UNCHANGED,
                    browser.get("/where", FORWARDED, "X-Forwarded-For: 10.0.0.1")
                            .body());
            web.proxyRole = Optional.of("proxy");
            assertTrue(browser.get("/where", FORWARDED).body().contains("shop.example"));
        }
    }

    @Test
    void a_proxy_that_cannot_be_understood_gets_an_answer_of_400_and_no_application_sees_it() throws Exception {
        web.listener.grantRoles("proxy");
        try (Browser browser = web.browser()) {
            Browser.Reply reply = browser.get("/where", "Forwarded: for=shop.example");
            assertEquals(400, reply.status());
            assertEquals("Bad request\n", reply.body());
        }
        assertEquals(0, web.served.get());
    }

    @Test
    void a_request_that_is_refused_is_refused_whatever_a_proxy_says() throws Exception {
        web.listener.grantRoles("proxy");
        web.decideRequests(action -> false);
        try (Browser browser = web.browser()) {
            assertEquals(403, browser.get("/where", FORWARDED).status());
        }
        assertEquals(0, web.served.get());
    }
}
