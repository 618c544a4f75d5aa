/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.access.Verdict.Effect;

/** How a policy lives with its configurations, shown by the uid policy. */
@Timeout(30)
class ConfiguredPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeBackground background = new FakeBackground();
    private final FakeUsers users = new FakeUsers();
    private final List<String> seen = new ArrayList<>();

    private UidPolicy start(Map<String, ?> settings) {
        UidPolicy policy = new UidPolicy(settings, users, new FakeCredentials(1000), background);
        policy.observe(() -> seen.add(policy.status().state() + " " + policy.evaluate(alice())));
        return policy;
    }

    private static AccessRequest alice() {
        return FakePeer.uid(1001).connect("echo");
    }

    private static Effect effect(AccessPolicy policy) {
        return policy.evaluate(alice()).effect();
    }

    private static void assertProblem(State state, String problem, AccessPolicy policy) {
        assertEquals(new PolicyStatus(state, Optional.of(problem)), policy.status());
    }

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
        String problem = "etc/org.peercred.policy.uid-first.cfg: allow = carol: there is no user of that name.";
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
        policy.modified(Settings.of("uid", "kept", "allow", "1001x", "listeners", "other", "otherwise", "deny"));
        String problem = "etc/org.peercred.policy.uid-kept.cfg: allow = 1001x: there is no user of that name.";
        assertProblem(State.LAST_GOOD, problem, policy);
        assertEquals(new PolicyScope(Set.of("echo"), Set.of("connect")), policy.scope());
        assertEquals(Effect.ALLOW, effect(policy));
        policy.modified(Settings.of("uid", "kept", "allow", "1002", "listeners", "other"));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(Set.of("other"), policy.scope().listeners());
        assertEquals(Effect.ABSTAIN, effect(policy));
    }

    @Test
    void the_last_good_scope_stays_even_where_the_new_one_cannot_be_read() {
        UidPolicy policy = start(Settings.of("uid", "kept2", "allow", "1001", "listeners", "echo"));
        policy.modified(Settings.of("uid", "kept2", "allow", "1001", "actions", "nothing"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(Set.of("echo"), policy.scope().listeners());
    }

    @Test
    void a_rejected_policy_follows_the_scope_of_the_newest_configuration() {
        UidPolicy policy = start(Settings.of("uid", "moved", "allow", "carol", "listeners", "echo"));
        policy.modified(Settings.of("uid", "moved", "allow", "carol", "listeners", "other"));
        assertEquals(Set.of("other"), policy.scope().listeners());
        policy.modified(Settings.of("uid", "moved", "allow", "carol", "listeners", ""));
        assertEquals(PolicyScope.EVERYTHING, policy.scope());
        assertEquals(Effect.DENY, effect(policy));
    }

    @Test
    void the_same_configuration_again_changes_nothing_and_is_logged_once() {
        Map<String, Object> good = Settings.of("uid", "twice", "allow", "alice, nobody", "alow", "bob");
        UidPolicy policy = start(good);
        AccessPolicy before = policy.snapshot();
        policy.modified(Settings.with(good, "service.bundleLocation", "?", "service.pid", good.get("service.pid")));
        assertSame(before, policy.snapshot());
        assertEquals(List.of(), seen);
        assertEquals(1, Logged.lines("Policy uid~twice is in force").size());
        assertEquals(
                1,
                Logged.lines("uid-twice.cfg: unknown key alow is ignored; did you mean allow?")
                        .size());
        assertEquals(1, Logged.lines("uid-twice.cfg: allow = nobody").size());

        Map<String, Object> bad = Settings.of("uid", "twice", "allow", "carol");
        policy.modified(bad);
        AccessPolicy lastGood = policy.snapshot();
        policy.modified(bad);
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
        policy.modified(Settings.of("uid", "again", "allow", "carol"));
        policy.modified(Settings.of("uid", "again", "allow", "1001"));
        policy.modified(Settings.of("uid", "again", "allow", "carol"));
        assertEquals(2, Logged.lines("uid~again goes on", "carol").size());
    }

    @Test
    void a_configuration_that_says_the_same_in_other_words_tells_nobody() {
        UidPolicy policy = start(Settings.of("uid", "words", "allow", "1001, 1002"));
        policy.modified(Settings.of("uid", "words", "allow", new String[] {"1001-1002"}));
        assertEquals(List.of(), seen);
        policy.modified(Settings.of("uid", "words", "allow", List.of("1002")));
        assertEquals(1, seen.size());
    }

    @Test
    void the_observer_is_told_after_the_change_took_effect() {
        UidPolicy policy = start(Settings.of("uid", "told", "allow", "1001"));
        policy.modified(Settings.of("uid", "told", "allow", "1002"));
        policy.modified(Settings.of("uid", "told", "allow", "1002", "otherwise", "deny"));
        policy.modified(Settings.of("uid", "told", "allow", "carol"));
        assertEquals(
                List.of(
                        "ACTIVE " + Verdict.abstain("the uid is not on the list"),
                        "ACTIVE " + Verdict.deny("the uid is not on the list"),
                        "LAST_GOOD " + Verdict.deny("the uid is not on the list")),
                seen);
    }

    @Test
    void unknown_keys_are_warned_about_and_name_is_known() {
        start(Settings.of("uid", "keys", "name", "keys", "allow", "1001", "othrwise", "deny", "xyzzy", "1"));
        assertEquals(
                1,
                Logged.lines("uid-keys.cfg: unknown key othrwise is ignored; did you mean otherwise?")
                        .size());
        assertEquals(
                1, Logged.lines("uid-keys.cfg: unknown key xyzzy is ignored.").size());
        assertEquals(2, Logged.lines("uid-keys.cfg: unknown key").size());
    }

    @Test
    void the_name_comes_from_the_key_else_the_file_else_the_pid() {
        assertEquals(
                "uid~given", start(Settings.of("uid", "team", "name", "given")).id());
        assertEquals("uid~team", start(Settings.of("uid", "team")).id());
        assertEquals("uid~team", start(Settings.fileless("uid", "team")).id());
        Map<String, Object> edited = Settings.of("uid", "team");
        edited.put("service.pid", "org.peercred.policy.uid.0b1c");
        assertEquals("uid~team", start(edited).id());
    }

    @Test
    void a_new_name_is_taken_in_place() {
        UidPolicy policy = start(Settings.of("uid", "old", "allow", "1001"));
        policy.modified(Settings.of("uid", "old", "allow", "1001", "name", "new"));
        assertEquals("uid~new", policy.id());
        assertEquals("uid~new", policy.snapshot().id());
        assertEquals(1, seen.size());
    }

    @Test
    void a_name_that_cannot_be_shown_is_rejected() {
        UidPolicy policy = start(Settings.of("uid", "team", "name", "a, b\nc", "allow", "1001"));
        assertEquals("uid~a__b_c", policy.id());
        assertEquals(State.REJECTED, policy.status().state());
        assertEquals(Effect.DENY, effect(policy));
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
                policy.modified(bad);
                policy.close();
            }
        }
    }

    @Test
    void a_name_service_that_does_not_answer_is_asked_again_until_it_does() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "silent", "allow", "alice", "listeners", "echo"));
        assertProblem(
                State.REJECTED,
                "etc/org.peercred.policy.uid-silent.cfg: allow = alice: the name service does not answer"
                        + " and is asked again until it does.",
                policy);
        assertEquals(Effect.DENY, effect(policy));
        assertEquals(Set.of("echo"), policy.scope().listeners());
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            waits.add(background.untilNext().orElseThrow());
            background.pass(background.untilNext().orElseThrow());
        }
        assertEquals(
                List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L),
                waits.stream().map(Duration::toSeconds).toList());
        assertEquals(10, users.asked);
        assertEquals(List.of(), seen);
        assertEquals(1, Logged.lines("uid~silent denies all it covers").size());
        users.silent = false;
        background.pass(Duration.ofSeconds(60));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(List.of("ACTIVE " + Verdict.allow("the uid is on the list")), seen);
        background.pass(Duration.ofDays(1));
        assertEquals(11, users.asked);
    }

    @Test
    void a_name_service_that_does_not_answer_leaves_the_last_good_configuration_in_force() {
        UidPolicy policy = start(Settings.of("uid", "silent2", "allow", "1001"));
        users.silent = true;
        policy.modified(Settings.of("uid", "silent2", "allow", "bob"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(Effect.ALLOW, effect(policy));
        users.silent = false;
        background.pass(SECOND);
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(Effect.ABSTAIN, effect(policy));
    }

    @Test
    void a_name_service_that_fails_in_any_other_way_is_asked_again_too() {
        users.failing = true;
        UidPolicy policy = start(Settings.of("uid", "failing", "allow", "alice"));
        assertProblem(
                State.REJECTED,
                "etc/org.peercred.policy.uid-failing.cfg: it could not be loaded (IllegalStateException).",
                policy);
        users.failing = false;
        background.pass(SECOND);
        assertEquals(Effect.ALLOW, effect(policy));
    }

    @Test
    void a_retry_of_a_configuration_that_was_replaced_meanwhile_does_nothing() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "replaced", "allow", "alice"));
        policy.modified(Settings.of("uid", "replaced", "allow", "1002"));
        users.silent = false;
        background.pass(Duration.ofDays(1));
        assertEquals(Effect.ABSTAIN, effect(policy));
        assertEquals(0, users.asked - 1);
    }

    @Test
    void a_slow_name_service_holds_up_nobody_and_its_answer_counts_in_the_end() {
        background.prompt = false;
        UidPolicy policy = start(Settings.of("uid", "slow", "allow", "alice"));
        assertProblem(
                State.REJECTED,
                "etc/org.peercred.policy.uid-slow.cfg: the names in it are still being looked up.",
                policy);
        assertEquals(Effect.DENY, effect(policy));
        background.unstick();
        assertEquals(Effect.ALLOW, effect(policy));
        policy.modified(Settings.of("uid", "slow", "allow", "bob"));
        policy.modified(Settings.of("uid", "slow", "allow", "alice, bob"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        background.unstick();
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(Effect.ALLOW, effect(policy));
    }

    @Test
    void an_answer_in_the_last_moment_is_not_taken_for_none() {
        background.lastMoment = true;
        UidPolicy policy = start(Settings.of("uid", "moment", "allow", "alice"));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        policy.modified(Settings.of("uid", "moment", "allow", "carol"));
        assertProblem(
                State.LAST_GOOD,
                "etc/org.peercred.policy.uid-moment.cfg: allow = carol: there is no user of that name.",
                policy);
    }

    @Test
    void after_it_was_closed_nothing_changes_it() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "closed", "allow", "alice"));
        policy.deactivate();
        users.silent = false;
        background.pass(Duration.ofDays(1));
        policy.modified(Settings.of("uid", "closed", "allow", "1001"));
        assertEquals(Effect.DENY, effect(policy));
        assertEquals(List.of(), seen);
    }

    @Test
    void decisions_follow_changes_in_place() {
        UidPolicy policy = start(Settings.of("uid", "live", "allow", "1001", "listeners", "echo"));
        Decisions decisions = new Decisions();
        policy.observe(() -> decisions.changed("key"));
        decisions.add("key", policy);
        assertTrue(decisions.decide(alice()).allowed());
        policy.modified(Settings.of("uid", "live", "allow", "1001", "listeners", "other"));
        Decision elsewhere = decisions.decide(alice());
        assertFalse(elsewhere.allowed());
        assertEquals(2, elsewhere.generation());
        // DS reports the service as modified afterwards.
        decisions.changed("key");
        assertEquals(2, decisions.generation());
        policy.modified(Settings.of("uid", "live", "allow", "carol"));
        assertEquals(3, decisions.generation());
        assertEquals(State.LAST_GOOD, decisions.policies().get(0).status().state());
    }

    @Test
    void requirements_are_not_met_before_the_names_are_known() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "late", "allow", "alice"));
        Decisions decisions = new Decisions();
        policy.observe(() -> decisions.changed("key"));
        decisions.add("key", policy);
        decisions.add("other", FixedPolicy.allow("owner"));
        assertEquals(
                "required policy uid~late is not in force",
                decisions.decide(FakePeer.uid(1001).connect("echo", "uid~late")).reason());
        users.silent = false;
        background.pass(SECOND);
        assertTrue(
                decisions.decide(FakePeer.uid(1001).connect("echo", "uid~late")).allowed());
    }
}
