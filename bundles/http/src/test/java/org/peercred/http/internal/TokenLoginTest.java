/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag.OPTIONAL;
import static javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag.REQUIRED;
import static javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag.REQUISITE;
import static javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag.SUFFICIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peercred.http.internal.KarafRealms.Realm;
import org.peercred.http.internal.TokenWeb.Credentials;

/** What becomes of logins, by a password or a token, in a realm that takes tokens. */
@Timeout(120)
class TokenLoginTest {

    @AutoClose
    private final TokenWeb web = new TokenWeb();

    private final KarafRealms realms = web.realms;

    static List<List<LoginModuleControlFlag>> flags() {
        List<LoginModuleControlFlag> all = List.of(REQUIRED, REQUISITE, SUFFICIENT, OPTIONAL);
        List<List<LoginModuleControlFlag>> pairs = new ArrayList<>();
        all.forEach(first -> all.forEach(second -> pairs.add(List.of(first, second))));
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("flags")
    void a_login_by_password_goes_as_before_whether_or_not_a_request_is_served(List<LoginModuleControlFlag> flags)
            throws Exception {
        realms.register(new Realm("other", 0, flags));
        realms.configure("");
        String right = realms.outcome("other", "right");
        String wrong = realms.outcome("other", "wrong");
        assertTrue(right.startsWith("[UserPrincipal[alice]] ["), right);
        assertTrue(wrong.startsWith("javax.security.auth.login.FailedLoginException: login failed ["), wrong);

        realms.configure("other");
        assertEquals(3, realms.entries("other").length);
        assertEquals(right, realms.outcome("other", "right"));
        assertEquals(wrong, realms.outcome("other", "wrong"));
        try (Browser browser = web.browser()) {
            web.begin(browser);
            assertEquals(right, realms.outcome("other", "right"));
            assertEquals(wrong, realms.outcome("other", "wrong"));
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void a_token_is_enough_whatever_stands_behind_it(List<LoginModuleControlFlag> flags) throws Exception {
        realms.register(new Realm("other", 0, flags));
        realms.configure("other");
        web.listener.grantRoles("viewer");
        web.application =
                request -> realms.outcome("other", Credentials.of(request).password());
        String outcome = web.get("/x");
        assertTrue(outcome.contains(new UserPrincipal("alice").toString()), outcome);
        assertTrue(outcome.contains(new RolePrincipal("viewer").toString()), outcome);
        assertTrue(outcome.endsWith(" []"), outcome);
    }

    private static void answer(Callback[] callbacks, String user, List<String> asked) {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user);
            } else if (callback instanceof PasswordCallback password) {
                asked.add("password");
                password.setPassword("right".toCharArray());
            }
        }
    }

    @Test
    void a_person_is_asked_for_the_password_once() throws Exception {
        List<String> asked = new ArrayList<>();
        try (Browser browser = web.browser()) {
            web.begin(browser);
            realms.login("karaf", new Subject(), callbacks -> answer(callbacks, "bob", asked));
        }
        assertEquals(List.of("password"), asked);
    }

    @Test
    void who_brings_a_key_and_no_password_is_left_to_the_modules_for_keys() throws Exception {
        List<String> failures = new ArrayList<>();
        try (Browser browser = web.browser()) {
            web.begin(browser);
            Set<?> principals = realms.login("karaf", new Subject(), callbacks -> {
                        if (callbacks[0] instanceof PasswordCallback) {
                            failures.add("no password");
                            throw new UnsupportedCallbackException(callbacks[0]);
                        }
                        answer(callbacks, "alice", new ArrayList<>());
                    })
                    .getSubject()
                    .getPrincipals();
            assertEquals(Set.of(new UserPrincipal("alice")), principals);
        }
        assertEquals(List.of("no password"), failures);
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
