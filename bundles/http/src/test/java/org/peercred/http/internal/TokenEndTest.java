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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.servlet.AsyncContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peercred.http.internal.TokenWeb.Credentials;

/** Until when the token of a request is worth anything. */
@Timeout(120)
class TokenEndTest {

    @AutoClose
    private final TokenWeb web = new TokenWeb();

    private final KarafRealms realms = web.realms;

    @Test
    void a_token_is_worth_nothing_once_its_request_is_over() throws Exception {
        CompletableFuture<Credentials> first = new CompletableFuture<>();
        try (Browser browser = web.browser()) {
            web.application = request -> {
                first.complete(Credentials.of(request));
                return "first";
            };
            browser.get("/first");
            web.application = request -> web.isTaken(first.get()) + " " + web.isTaken(Credentials.of(request));
            assertEquals("false true", browser.get("/second").body());
            web.awaitNoToken();
            assertFalse(web.isTaken(first.get()));
        }
    }

    @Test
    void a_token_lasts_as_long_as_a_request_that_is_answered_later() throws Exception {
        CompletableFuture<Credentials> begun = new CompletableFuture<>();
        CompletableFuture<Void> rest = new CompletableFuture<>();
        web.application = request -> {
            AsyncContext async = request.startAsync();
            begun.complete(Credentials.of(request));
            new Thread(() -> {
                        rest.join();
                        async.complete();
                    })
                    .start();
            return "";
        };
        try (Browser browser = web.browser()) {
            browser.request("GET /later");
            Credentials credentials = begun.get(60, TimeUnit.SECONDS);
            assertTrue(web.isTaken(credentials));
            rest.complete(null);
            browser.head();
            web.awaitNoToken();
            assertFalse(web.isTaken(credentials));
        }
    }

    /** How a request comes to its end that has begun and will not be answered. */
    enum End {
        CLIENT_GOES,
        CONNECTION_IS_REVOKED,
        CONNECTOR_STOPS,
        LISTENER_STOPS,
        REALM_IS_TAKEN_AWAY,
        TIME_IS_UP
    }

    @ParameterizedTest
    @EnumSource
    void a_token_ends_however_its_request_does(End how) throws Exception {
        CompletableFuture<Credentials> begun = new CompletableFuture<>();
        CompletableFuture<AsyncContext> async = new CompletableFuture<>();
        web.application = request -> {
            async.complete(request.startAsync());
            async.join().setTimeout(how == End.TIME_IS_UP ? 100 : 0);
            begun.complete(Credentials.of(request));
            return "";
        };
        Browser browser = web.browser();
        browser.request("GET /never");
        Credentials credentials = begun.get(60, TimeUnit.SECONDS);
        switch (how) {
            case CLIENT_GOES -> {
                browser.close();
                // An application learns of it by writing, and this one does nothing about it.
                assertThrows(IOException.class, () -> {
                    while (true) {
                        async.join().getResponse().getOutputStream().print("more");
                        async.join().getResponse().flushBuffer();
                    }
                });
            }
            case CONNECTION_IS_REVOKED -> web.listener.access().denyAll();
            case CONNECTOR_STOPS -> web.connector.stop();
            case LISTENER_STOPS -> web.listener.close();
            case REALM_IS_TAKEN_AWAY -> realms.configure("");
            case TIME_IS_UP -> {}
        }
        web.awaitNoToken();
        assertFalse(web.isTaken(credentials));
        browser.close();
    }

    @Test
    void a_token_ends_with_a_request_that_fails() throws Exception {
        web.application = request -> {
            throw new IllegalStateException("on purpose");
        };
        try (Browser browser = web.browser()) {
            assertEquals(500, browser.get("/x").status());
            web.awaitNoToken();
        }
    }

    @Test
    void only_live_requests_have_one() throws Exception {
        try (Browser one = web.browser();
                Browser other = web.browser()) {
            for (int i = 0; i < 20; i++) {
                one.get("/x");
            }
            web.awaitNoToken();
            web.begin(one);
            web.begin(other);
            assertEquals(2, realms.login.tokens().count());
        }
    }
}
