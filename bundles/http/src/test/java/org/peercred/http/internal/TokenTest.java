/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Principal;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.http.internal.TokenWeb.Credentials;

/** What the token of a request is worth, and to whom. */
@Timeout(120)
class TokenTest {

    @AutoClose
    private final TokenWeb web = new TokenWeb();

    private final KarafRealms realms = web.realms;

    private Set<Principal> login(Credentials credentials) throws LoginException {
        return realms.login("karaf", credentials.user(), credentials.password())
                .getSubject()
                .getPrincipals();
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
    void a_token_is_taken_as_often_as_the_application_asks_while_the_request_lasts() throws Exception {
        web.application = request -> web.isTaken(Credentials.of(request)) + " " + web.isTaken(Credentials.of(request));
        assertEquals("true true", web.get("/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "Alice", "alic", "alice:", "", " alice"})
    void a_token_is_worth_nothing_with_the_name_of_another_user(String other) throws Exception {
        web.application =
                request -> "" + web.isTaken(other, Credentials.of(request).password());
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
            return "" + guesses.stream().anyMatch(guess -> web.isTaken("alice", guess));
        };
        assertEquals("false", web.get("/x"));
    }

    @Test
    void a_request_on_another_connection_cannot_use_it_while_it_is_good() throws Exception {
        try (Browser owner = web.browser();
                Browser thief = web.browserOnTcp()) {
            Credentials stolen = web.begin(owner);
            web.application = request -> "" + web.isTaken(Credentials.of(request));
            assertEquals("false", thief.get("/x", stolen.header()).body());
            assertTrue(web.isTaken(stolen));
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
}
