/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.servlet.AsyncContext;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.http.internal.TokenWeb.Credentials;

/** What the token of a request is worth, to whom, and until when. */
@Timeout(120)
class TokenTest {

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private TokenWeb web;
    private KarafRealms realms;

    @BeforeEach
    void start() throws Exception {
        web = new TokenWeb();
        realms = web.realms;
        realms.configure("karaf");
    }

    @AfterEach
    void stop() throws Exception {
        end.complete(null);
        web.close();
    }

    private Set<Principal> login(Credentials credentials) throws LoginException {
        return realms.login("karaf", credentials.user(), credentials.password())
                .getSubject()
                .getPrincipals();
    }

    private boolean isTaken(String user, String password) {
        return isTaken(new Credentials(user, password));
    }

    private boolean isTaken(Credentials credentials) {
        return realms.takes(credentials);
    }

    private void awaitNone() {
        Awaitility.await().until(() -> realms.login.tokens().count() == 0);
    }

    @Test
    void nothing_changes_unless_a_realm_is_configured() throws Exception {
        realms.configure("");
        assertEquals("null", web.get("/x"));
        String sent = new Credentials("alice", "right").header();
        assertEquals(sent, "Authorization: " + web.get("/x", sent));
        assertEquals(0, realms.login.tokens().count());
        assertEquals(List.of(), realms.published);
    }

    @Test
    void an_application_that_asks_the_realm_gets_the_caller_with_the_roles_of_that_moment() throws Exception {
        web.application = request -> {
            Credentials credentials = Credentials.of(request);
            assertEquals(Set.of(new UserPrincipal("alice")), login(credentials));
            web.listener.grantRoles("viewer", "admin");
            assertEquals(
                    Set.of(new UserPrincipal("alice"), new RolePrincipal("viewer"), new RolePrincipal("admin")),
                    login(credentials));
            web.listener.grantRoles("viewer");
            assertEquals(Set.of(new UserPrincipal("alice"), new RolePrincipal("viewer")), login(credentials));
            return "done";
        };
        assertEquals("done", web.get("/x"));
        assertEquals(List.of(), KarafRealms.ASKED);
    }

    @Test
    void each_request_has_a_token_of_its_own_that_is_long_and_of_which_no_other_has_a_part() throws Exception {
        web.application = request -> Credentials.of(request).password();
        Set<String> all = Collections.synchronizedSet(new HashSet<>());
        try (Browser browser = web.browser()) {
            for (int i = 0; i < 200; i++) {
                String token = browser.get("/x").body();
                assertEquals(43, token.length());
                assertTrue(all.add(token));
            }
        }
        assertEquals(
                200,
                all.stream()
                        .map(token -> token.substring(0, 8))
                        .collect(Collectors.toSet())
                        .size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "authorization", "AUTHORIZATION"})
    void a_header_of_the_clients_never_reaches_the_application(String name) throws Exception {
        web.application = request -> String.join(" ", Collections.list(request.getHeaders("Authorization")));
        String sent = new Credentials("root", "right").header().replace("Authorization", name);
        String found = web.get("/x", sent, name + ": Bearer x", sent);
        assertTrue(found.matches("Basic [A-Za-z0-9=]+"), found);
        assertNotEquals(sent.substring(name.length() + 2), found);
    }

    @Test
    void a_token_is_worth_nothing_once_its_request_is_over() throws Exception {
        CompletableFuture<Credentials> first = new CompletableFuture<>();
        try (Browser browser = web.browser()) {
            web.application = request -> {
                first.complete(Credentials.of(request));
                return "first";
            };
            browser.get("/first");
            web.application = request -> isTaken(first.get()) + " " + isTaken(Credentials.of(request));
            assertEquals("false true", browser.get("/second").body());
            awaitNone();
            assertFalse(isTaken(first.get()));
        }
    }

    @Test
    void a_token_is_taken_as_often_as_the_application_asks_while_the_request_lasts() throws Exception {
        web.application = request -> isTaken(Credentials.of(request)) + " " + isTaken(Credentials.of(request));
        assertEquals("true true", web.get("/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "Alice", "alic", "alice:", "", " alice"})
    void a_token_is_worth_nothing_with_the_name_of_another_user(String other) throws Exception {
        web.application = request -> "" + isTaken(other, Credentials.of(request).password());
        assertEquals("false", web.get("/x"));
    }

    @Test
    void a_guess_is_worth_nothing_however_near_it_comes() throws Exception {
        web.application = request -> {
            String token = Credentials.of(request).password();
            String last = token.endsWith("A") ? "B" : "A";
            List<String> guesses = List.of(
                    "",
                    "\0",
                    token.substring(1),
                    token.substring(0, 42),
                    token.substring(0, 42) + last,
                    token + " ",
                    token + token,
                    "\u00e9" + token,
                    token.toLowerCase(Locale.ROOT));
            return "" + guesses.stream().anyMatch(guess -> isTaken("alice", guess));
        };
        assertEquals("false", web.get("/x"));
    }

    @Test
    void a_request_on_another_connection_cannot_use_it_while_it_is_good() throws Exception {
        try (Browser owner = web.browser();
                Browser thief = web.browserOnTcp()) {
            Credentials stolen = web.begin(owner, end);
            web.application = request -> "" + isTaken(Credentials.of(request));
            assertEquals("false", thief.get("/x", stolen.header()).body());
            assertTrue(isTaken(stolen));
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
            assertTrue(isTaken(credentials));
            rest.complete(null);
            browser.head();
            awaitNone();
            assertFalse(isTaken(credentials));
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
        awaitNone();
        assertFalse(isTaken(credentials));
        browser.close();
    }

    @Test
    void a_token_ends_with_a_request_that_fails() throws Exception {
        web.application = request -> {
            throw new IllegalStateException("on purpose");
        };
        try (Browser browser = web.browser()) {
            assertEquals(500, browser.get("/x").status());
            awaitNone();
        }
    }

    @Test
    void only_live_requests_have_one() throws Exception {
        try (Browser one = web.browser();
                Browser other = web.browser()) {
            for (int i = 0; i < 20; i++) {
                one.get("/x");
            }
            awaitNone();
            web.begin(one, end);
            web.begin(other, end);
            assertEquals(2, realms.login.tokens().count());
        }
    }

    @Test
    void a_refused_request_has_none() throws Exception {
        PolicyScope scope = new PolicyScope(Set.of("test"), Set.of(AccessRequest.EVERY_HTTP));
        web.listener.access().show(new PolicyReport("http~web", scope, PolicyStatus.ACTIVE));
        CompletableFuture<Integer> whileDecided = new CompletableFuture<>();
        web.listener.access().allow(request -> {
            if (!request.action().equals(AccessRequest.CONNECT)) {
                whileDecided.complete(realms.login.tokens().count());
                return false;
            }
            return true;
        });
        try (Browser browser = web.browser()) {
            Browser.Reply reply = browser.get("/x");
            assertEquals(403, reply.status());
            assertEquals(0, whileDecided.get());
            assertFalse((reply.head() + reply.body()).contains("Basic"));
        }
        assertEquals(0, realms.login.tokens().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE /x", "trace /x"})
    void no_answer_tells_the_client_what_the_application_sees(String line) throws Exception {
        try (Browser browser = web.browser()) {
            String all = browser.request(line, new Credentials("alice", "mine").header(), "Connection: close")
                    .rest();
            assertFalse(all.contains("Basic"), all);
        }
    }

    @Test
    void nothing_shows_a_token() throws Exception {
        web.listener.grantRoles("viewer");
        CompletableFuture<String> shown = new CompletableFuture<>();
        web.application = request -> {
            Credentials credentials = Credentials.of(request);
            LoginContext context = realms.login("karaf", credentials.user(), credentials.password());
            List<Object> attributes = Collections.list(request.getAttributeNames()).stream()
                    .map(request::getAttribute)
                    .toList();
            shown.complete(request + " " + context.getSubject() + realms.entries("karaf")[0].getOptions() + attributes);
            return credentials.password();
        };
        String token = web.get("/x");
        assertFalse(shown.get().contains(token));
        assertFalse(web.listener.events().toString().contains(token));
        assertEquals(List.of(), Logged.lines(token));
    }

    @Test
    void whoever_logs_out_leaves_what_the_subject_had_before() throws Exception {
        web.listener.grantRoles("viewer");
        web.application = request -> {
            Credentials credentials = Credentials.of(request);
            LoginContext context = realms.login("karaf", credentials.user(), credentials.password());
            Set<Principal> principals = context.getSubject().getPrincipals();
            assertEquals(2, principals.size());
            context.logout();
            return List.copyOf(principals).toString();
        };
        assertEquals("[]", web.get("/x"));
        assertThrows(LoginException.class, () -> realms.login("karaf", "alice", "wrong"));
    }
}
