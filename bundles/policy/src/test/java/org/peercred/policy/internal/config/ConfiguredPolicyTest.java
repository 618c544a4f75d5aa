/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.access.Verdict.Effect;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.Settings;

/** How a policy lives with its configurations, shown by the uid policy. */
@Timeout(120)
class ConfiguredPolicyTest extends ConfiguredPolicyFixture {

    @Test
    void is_in_force_with_its_first_good_configuration() {
        UidPolicy policy =
                start(Settings.of("uid", "team", "allow", "1001", "listeners", "echo, other", "actions", "*"));
        assertEquals("uid~team", policy.id());
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(new PolicyScope(Set.of("echo", "other"), Set.of("*")), policy.scope());
        assertEquals(Effect.ALLOW, effect(policy));
    }

    @Test
    void covers_connects_on_all_listeners_where_nothing_else_is_said() {
        UidPolicy policy = start(Settings.of("uid", "team", "allow", "1001"));
        assertEquals(new PolicyScope(Set.of("*"), Set.of("connect")), policy.scope());
    }

    @Test
    void accepts_all_actions_there_are() {
        UidPolicy policy = start(Settings.of("uid", "team", "actions", "connect, command:view, command:*, *"));
        assertEquals(
                Set.of("connect", "command:view", "command:*", "*"),
                policy.scope().actions());
    }

    @Test
    void a_first_configuration_that_is_bad_denies_all_it_covers() {
        UidPolicy policy = start(Settings.of("uid", "first", "allow", "alice, carol", "listeners", "echo"));
        String problem =
                "etc/org.peercred.policy.uid-first.cfg: allow = carol: there is no user of that name; it is looked for again until there is.";
        assertProblem(State.REJECTED, problem, policy);
        assertEquals(new PolicyScope(Set.of("echo"), Set.of("connect")), policy.scope());
        assertEquals(Verdict.deny(problem.substring(0, problem.length() - 1)), policy.evaluate(alice()));
        assertEquals(
                1,
                Logged.lines("WARN", "uid~first denies all it covers", "carol").size());
    }

    @Test
    void a_first_configuration_whose_scope_cannot_be_read_denies_everything() {
        for (String[] scope : new String[][] {
            {"listeners", " , "},
            {"actions", ""},
            {"actions", "connection"},
            {"actions", "command:"},
            {"actions", "connect, all"}
        }) {
            UidPolicy policy = start(Settings.of("uid", "scope", "allow", "1001", scope[0], scope[1]));
            assertEquals(State.REJECTED, policy.status().state(), scope[1]);
            assertEquals(PolicyScope.EVERYTHING, policy.scope());
            assertEquals(Effect.DENY, effect(policy));
        }
        assertProblem(
                State.REJECTED,
                "etc/org.peercred.policy.uid-scope.cfg: actions = all: it must be connect, command:NAME, command:* or *.",
                start(Settings.of("uid", "scope", "actions", "connect, all")));
    }

    @Test
    void the_last_good_configuration_stays_with_its_scope_until_there_is_a_better_one() {
        UidPolicy policy = start(Settings.of("uid", "kept", "allow", "1001", "listeners", "echo"));
        policy.update(Settings.of("uid", "kept", "allow", "20-10", "listeners", "other", "otherwise", "deny"));
        String problem =
                "etc/org.peercred.policy.uid-kept.cfg: allow = 20-10: a range goes from the lesser to the greater id.";
        assertProblem(State.LAST_GOOD, problem, policy);
        assertEquals(new PolicyScope(Set.of("echo"), Set.of("connect")), policy.scope());
        assertEquals(Effect.ALLOW, effect(policy));
        policy.update(Settings.of("uid", "kept", "allow", "1002", "listeners", "other"));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(Set.of("other"), policy.scope().listeners());
        assertEquals(Effect.ABSTAIN, effect(policy));
    }

    @Test
    void the_last_good_scope_stays_even_where_the_new_one_cannot_be_read() {
        UidPolicy policy = start(Settings.of("uid", "kept2", "allow", "1001", "listeners", "echo"));
        policy.update(Settings.of("uid", "kept2", "allow", "1001", "actions", "nothing"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(Set.of("echo"), policy.scope().listeners());
    }

    @Test
    void a_rejected_policy_follows_the_scope_of_the_newest_configuration() {
        UidPolicy policy = start(Settings.of("uid", "moved", "allow", "carol", "listeners", "echo"));
        policy.update(Settings.of("uid", "moved", "allow", "carol", "listeners", "other"));
        assertEquals(Set.of("other"), policy.scope().listeners());
        policy.update(Settings.of("uid", "moved", "allow", "carol", "listeners", ""));
        assertEquals(PolicyScope.EVERYTHING, policy.scope());
        assertEquals(Effect.DENY, effect(policy));
    }

    @Test
    void the_same_configuration_again_changes_nothing_and_is_logged_once() {
        Map<String, Object> good = Settings.of("uid", "twice", "allow", "alice, nobody");
        UidPolicy policy = start(good);
        AccessPolicy before = policy.snapshot();
        policy.update(Settings.with(good, "service.bundleLocation", "?", "service.pid", good.get("service.pid")));
        assertSame(before, policy.snapshot());
        assertEquals(List.of(), seen);
        assertEquals(1, Logged.lines("Policy uid~twice is in force").size());
        assertEquals(1, Logged.lines("uid-twice.cfg: allow = nobody").size());

        Map<String, Object> bad = Settings.of("uid", "twice", "allow", "carol");
        policy.update(bad);
        AccessPolicy lastGood = policy.snapshot();
        policy.update(bad);
        assertSame(lastGood, policy.snapshot());
        assertEquals(1, seen.size());
        assertEquals(
                1,
                Logged.lines("uid~twice goes on with its last good configuration", "carol")
                        .size());
    }

    @Test
    void a_bad_configuration_that_comes_back_later_is_logged_again() {
        UidPolicy policy = start(Settings.of("uid", "again", "allow", "1001"));
        policy.update(Settings.of("uid", "again", "allow", "carol"));
        policy.update(Settings.of("uid", "again", "allow", "1001"));
        policy.update(Settings.of("uid", "again", "allow", "carol"));
        assertEquals(2, Logged.lines("uid~again goes on", "carol").size());
    }

    @Test
    void a_configuration_that_says_the_same_in_other_words_tells_nobody() {
        UidPolicy policy = start(Settings.of("uid", "words", "allow", "1001, 1002"));
        policy.update(Settings.of("uid", "words", "allow", new String[] {"1001-1002"}));
        assertEquals(List.of(), seen);
        policy.update(Settings.of("uid", "words", "allow", List.of("1002")));
        assertEquals(1, seen.size());
    }

    @Test
    void the_observer_is_told_after_the_change_took_effect() {
        UidPolicy policy = start(Settings.of("uid", "told", "allow", "1001"));
        policy.update(Settings.of("uid", "told", "allow", "1002"));
        policy.update(Settings.of("uid", "told", "allow", "1002", "otherwise", "deny"));
        policy.update(Settings.of("uid", "told", "allow", "carol"));
        assertEquals(
                List.of(
                        "ACTIVE " + Verdict.abstain("the uid is not on the list"),
                        "ACTIVE " + Verdict.deny("the uid is not on the list"),
                        "LAST_GOOD " + Verdict.deny("the uid is not on the list")),
                seen);
    }

    @Test
    void nothing_that_a_configuration_may_hold_makes_it_throw() {
        List<Object> values = List.of(
                "",
                ",",
                "\0",
                "-1",
                "9".repeat(400),
                "a".repeat(100_000),
                1.5,
                new int[] {1},
                true,
                new Object[] {null},
                List.of(List.of()),
                Map.of(),
                "1001-",
                "file:",
                "/..",
                "*");
        for (String key : List.of(
                "allow", "otherwise", "listeners", "actions", "name", "felix.fileinstall.filename", "service.pid")) {
            for (Object value : values) {
                Map<String, Object> bad = Settings.with(Settings.of("uid", "odd", "allow", "1001"), key, value);
                start(bad).close();
                UidPolicy policy = start(Settings.of("uid", "odd", "allow", "1001"));
                policy.update(bad);
                policy.close();
            }
        }
    }

    @Test
    void after_it_was_closed_nothing_changes_it() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "closed", "allow", "alice"));
        policy.close();
        users.silent = false;
        background.pass(Duration.ofDays(1));
        policy.update(Settings.of("uid", "closed", "allow", "1001"));
        assertEquals(Effect.ABSTAIN, effect(policy));
        assertEquals(List.of(), seen);
    }

    @Test
    void decisions_follow_changes_in_place() {
        UidPolicy policy = start(Settings.of("uid", "live", "allow", "1001", "listeners", "echo"));
        Decisions decisions = new Decisions();
        policy.onChange(() -> decisions.changed("key"));
        decisions.add("key", policy);
        assertTrue(decisions.decide(alice()).allowed());
        policy.update(Settings.of("uid", "live", "allow", "1001", "listeners", "other"));
        Decision elsewhere = decisions.decide(alice());
        assertFalse(elsewhere.allowed());
        assertEquals(2, elsewhere.generation());
        // DS reports the service as modified afterwards.
        decisions.changed("key");
        assertEquals(2, decisions.generation());
        policy.update(Settings.of("uid", "live", "allow", "carol"));
        assertEquals(3, decisions.generation());
        assertEquals(State.LAST_GOOD, decisions.policies().get(0).status().state());
    }
}
