/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.login.LoginContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.testing.Logged;
import org.peercred.http.internal.TokenWeb.Credentials;

/** Who gets to see the token of a request: its application, and nobody else. */
@Timeout(120)
class TokenSecrecyTest {

    @AutoClose
    private final TokenWeb web = new TokenWeb();

    private final KarafRealms realms = web.realms;

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
}
