/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag.OPTIONAL;
import static javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag.REQUIRED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.config.JaasRealm;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.testing.Logged;
import org.peercred.http.internal.KarafRealms.Realm;
import org.peercred.http.internal.TokenWeb.Credentials;

/** Which of Karaf's realms takes tokens, whatever realms come and go. */
@Timeout(120)
class TokenRealmTest {

    @AutoClose
    private final TokenWeb web = new TokenWeb();

    private final KarafRealms realms = web.realms;

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
    void the_modules_of_the_realm_follow_as_they_are() {
        AppConfigurationEntry[] before = new Realm("other", 4, OPTIONAL, REQUIRED).getEntries();
        JaasRealm same = realm("other", 4, before);
        realms.register(same);
        realms.configure("other");
        AppConfigurationEntry[] now = realms.entries("other");
        assertEquals(LoginModuleControlFlag.SUFFICIENT, now[0].getControlFlag());
        assertArrayEquals(before, Arrays.copyOfRange(now, 1, now.length));
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
        web.application =
                request -> realms.outcome("late", Credentials.of(request).password());
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
        assertTrue(realms.outcome("karaf", "right").startsWith("[UserPrincipal[alice]]"));
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
            Credentials credentials = web.begin(browser);
            realms.configure("other");
            assertEquals("1 karaf0", behind());
            assertTrue(realms.outcome("other", credentials.password()).startsWith("javax"));
            realms.configure("karaf");
            assertTrue(realms.outcome("karaf", credentials.password()).startsWith("javax"));
        }
    }
}
