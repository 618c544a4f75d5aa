/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.apache.karaf.jaas.config.JaasRealm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peercred.common.testing.Logged;
import org.peercred.http.internal.KarafRealms.Realm;
import org.peercred.http.internal.TokenWeb.Credentials;

/** What becomes of Karaf's realms, and of those who log in by a password, beside tokens. */
@Timeout(120)
class TokenRealmTest {

    private static final LoginModuleControlFlag REQUIRED = LoginModuleControlFlag.REQUIRED;
    private static final LoginModuleControlFlag OPTIONAL = LoginModuleControlFlag.OPTIONAL;

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

    /** How a login by password goes: what is thrown or found, and what Karaf's modules were asked. */
    private String outcome(String realm, String password) {
        KarafRealms.ASKED.clear();
        String result;
        try {
            result = List.copyOf(
                            realms.login(realm, "alice", password).getSubject().getPrincipals()) + "";
        } catch (LoginException e) {
            result = e.toString();
        }
        return result + " " + KarafRealms.ASKED;
    }

    static List<List<LoginModuleControlFlag>> flags() {
        List<LoginModuleControlFlag> all =
                List.of(REQUIRED, LoginModuleControlFlag.REQUISITE, LoginModuleControlFlag.SUFFICIENT, OPTIONAL);
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
        String right = outcome("other", "right");
        String wrong = outcome("other", "wrong");
        assertTrue(right.startsWith("[UserPrincipal[alice]] ["), right);
        assertTrue(wrong.startsWith("javax.security.auth.login.FailedLoginException: login failed ["), wrong);

        realms.configure("other");
        assertEquals(3, realms.entries("other").length);
        assertEquals(right, outcome("other", "right"));
        assertEquals(wrong, outcome("other", "wrong"));
        try (Browser browser = web.browser()) {
            web.begin(browser, end);
            assertEquals(right, outcome("other", "right"));
            assertEquals(wrong, outcome("other", "wrong"));
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void a_token_is_enough_whatever_stands_behind_it(List<LoginModuleControlFlag> flags) throws Exception {
        realms.register(new Realm("other", 0, flags));
        realms.configure("other");
        web.listener.grantRoles("viewer");
        web.application = request -> outcome("other", Credentials.of(request).password());
        String outcome = web.get("/x");
        assertTrue(outcome.contains(new UserPrincipal("alice").toString()), outcome);
        assertTrue(outcome.contains(new RolePrincipal("viewer").toString()), outcome);
        assertTrue(outcome.endsWith(" []"), outcome);
    }

    @Test
    void the_modules_of_the_realm_follow_as_they_are() {
        AppConfigurationEntry[] before = new Realm("other", 4, OPTIONAL, REQUIRED).getEntries();
        JaasRealm same = realm("other", 4, before);
        realms.register(same);
        realms.configure("other");
        AppConfigurationEntry[] now = realms.entries("other");
        assertEquals(LoginModuleControlFlag.SUFFICIENT, now[0].getControlFlag());
        assertArrayEquals(before, Arrays.copyOfRange(now, 1, now.length));
    }

    private static JaasRealm realm(String name, int rank, AppConfigurationEntry... entries) {
        return new JaasRealm() {

            @Override
            public String getName() {
                return name;
            }

            @Override
            public int getRank() {
                return rank;
            }

            @Override
            public AppConfigurationEntry[] getEntries() {
                return entries;
            }
        };
    }

    private String behind() {
        AppConfigurationEntry[] entries = realms.entries("karaf");
        return entries.length + " " + entries[entries.length - 1].getOptions().get("realm");
    }

    @Test
    void realms_of_the_name_that_come_and_go_are_followed_by_their_rank() {
        assertEquals("2 karaf0", behind());
        Runnable higher = realms.register(new Realm("karaf", 1000, OPTIONAL, OPTIONAL));
        assertEquals("3 karaf1000", behind());
        realms.register(new Realm("karaf", 500, OPTIONAL));
        realms.register(new Realm("else", 5000, OPTIONAL));
        assertEquals("3 karaf1000", behind());
        higher.run();
        assertEquals("2 karaf500", behind());
        assertEquals(1, realms.published.size());
    }

    @Test
    void of_several_realms_of_one_rank_the_first_counts_as_it_does_for_karaf() {
        JaasRealm first = realm("other", 7, new Realm("first", 7, OPTIONAL).getEntries());
        JaasRealm second = realm("other", 7, new Realm("second", 7, OPTIONAL).getEntries());
        realms.register(first);
        realms.register(second);
        AppConfigurationEntry[] before = realms.entries("other");
        assertSame(first.getEntries(), before);
        realms.configure("other");
        assertSame(before[0], realms.entries("other")[1]);
    }

    @Test
    void no_other_realm_takes_tokens() throws Exception {
        realms.register(new Realm("other", 0, OPTIONAL));
        web.application = request -> {
            Credentials credentials = Credentials.of(request);
            assertThrows(LoginException.class, () -> realms.login("other", credentials.user(), credentials.password()));
            return "done";
        };
        assertEquals("done", web.get("/x"));
    }

    @Test
    void a_realm_that_is_not_there_is_told_of_once_and_no_request_has_a_token_until_it_is() throws Exception {
        realms.configure("late");
        assertNull(realms.entries("late"));
        for (int i = 0; i < 3; i++) {
            assertEquals("null", web.get("/x", new Credentials("alice", "right").header()));
        }
        assertEquals(
                1,
                Logged.lines("WARN", "late is missing. Requests carry no token until there is.")
                        .size());
        Runnable realm = realms.register(new Realm("late", 0, OPTIONAL));
        assertEquals(
                1,
                Logged.lines("INFO", "The realm late takes the tokens of requests.")
                        .size());
        web.application = request -> outcome("late", Credentials.of(request).password());
        assertEquals("[UserPrincipal[alice]] []", web.get("/x"));
        realm.run();
        assertNull(realms.entries("late"));
        assertEquals(List.of(), realms.published);
        web.application = request -> "" + request.getHeader("Authorization");
        assertEquals("null", web.get("/x"));
        assertEquals(2, Logged.lines("WARN", "late is missing.").size());
    }

    @Test
    void a_realm_without_modules_takes_no_token_either() throws Exception {
        realms.register(realm("empty", 0, (AppConfigurationEntry[]) null));
        realms.configure("empty");
        assertNull(realms.entries("empty"));
    }

    @Test
    void a_realm_of_the_highest_rank_of_all_stays_before_ours_and_lets_nobody_out() {
        realms.register(new Realm("karaf", Integer.MAX_VALUE, OPTIONAL));
        assertTrue(outcome("karaf", "right").startsWith("[UserPrincipal[alice]]"));
    }

    @Test
    void where_it_ends_everything_is_as_it_was() throws Exception {
        realms.access.deactivate();
        assertEquals("1 karaf0", behind());
        assertEquals("null", web.get("/x"));
        realms.access.activate();
        assertEquals("2 karaf0", behind());
    }

    @Test
    void another_realm_takes_no_token_that_was_made_for_the_one_before() throws Exception {
        realms.register(new Realm("other", 0, OPTIONAL));
        try (Browser browser = web.browser()) {
            Credentials credentials = web.begin(browser, end);
            realms.configure("other");
            assertEquals("1 karaf0", behind());
            assertTrue(outcome("other", credentials.password()).startsWith("javax"));
            realms.configure("karaf");
            assertTrue(outcome("karaf", credentials.password()).startsWith("javax"));
        }
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
            web.begin(browser, end);
            realms.login("karaf", new Subject(), callbacks -> answer(callbacks, "bob", asked));
        }
        assertEquals(List.of("password"), asked);
    }

    @Test
    void who_brings_a_key_and_no_password_is_left_to_the_modules_for_keys() throws Exception {
        List<String> failures = new ArrayList<>();
        try (Browser browser = web.browser()) {
            web.begin(browser, end);
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
}
