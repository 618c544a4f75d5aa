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
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** How a policy lives with its configurations, shown by the uid policy. */
@Timeout(120)
class ConfiguredPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeBackground background = new FakeBackground();
    private final FakeUsers users = new FakeUsers();
    private final List<String> seen = new ArrayList<>();

    private UidPolicy start(Map<String, ?> settings) {
        UidPolicy policy = new UidPolicy(settings, users, new FakeCredentials(1000), background);
        policy.onChange(() -> seen.add(policy.status().state() + " " + policy.evaluate(alice())));
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
        policy.update(Settings.of("uid", "old", "allow", "1001", "name", "new"));
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
                policy.update(bad);
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
        assertEquals(Effect.ABSTAIN, effect(policy));
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
        assertEquals(
                1,
                Logged.lines("uid~silent counts without the names that are not known")
                        .size());
        users.silent = false;
        background.pass(Duration.ofSeconds(60));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(List.of("ACTIVE " + Verdict.allow("the uid is on the list")), seen);
        background.pass(Duration.ofDays(1));
        assertEquals(11, users.asked);
    }

    private static Effect effect(AccessPolicy policy, long uid) {
        return policy.evaluate(FakePeer.uid(uid).connect("echo")).effect();
    }

    @Test
    void what_is_removed_counts_no_longer_even_where_the_name_service_does_not_answer() {
        UidPolicy policy = start(Settings.of("uid", "cut", "allow", "1003, 2000-2999, alice, bob"));
        users.silent = true;
        policy.update(Settings.of("uid", "cut", "allow", "2500-3500, bob, carol", "otherwise", "deny"));
        assertProblem(
                State.LAST_GOOD,
                "etc/org.peercred.policy.uid-cut.cfg: allow = bob: the name service does not answer and is asked again"
                        + " until it does. More names are not known: 1. What was removed from the list no longer counts.",
                policy);
        for (long uid : new long[] {1003, 2499, 1001}) {
            assertEquals(Effect.ABSTAIN, effect(policy, uid), () -> "removed: " + uid);
        }
        for (long uid : new long[] {2500, 2999, 1002}) {
            assertEquals(Effect.ALLOW, effect(policy, uid), () -> "still listed: " + uid);
        }
        assertEquals(Effect.ABSTAIN, effect(policy, 3000), "new, and not in force before the list is");
        assertEquals(1, seen.size());
        users.with("carol", 1004);
        users.silent = false;
        background.pass(SECOND);
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(Effect.ALLOW, effect(policy, 3000));
        assertEquals(Effect.ALLOW, effect(policy, 1004));
        assertEquals(Effect.DENY, effect(policy, 1003));
    }

    @Test
    void what_is_removed_counts_no_longer_even_where_a_name_is_unknown() {
        UidPolicy policy = start(Settings.of("uid", "unknown", "allow", "alice, bob, 1003"));
        policy.update(Settings.of("uid", "unknown", "allow", "alice, carol"));
        assertEquals(Effect.ALLOW, effect(policy, 1001));
        assertEquals(Effect.ABSTAIN, effect(policy, 1002));
        assertEquals(Effect.ABSTAIN, effect(policy, 1003));
        assertEquals(
                1,
                Logged.lines("uid~unknown goes on", "carol", "What was removed from the list no longer counts.")
                        .size());
    }

    @Test
    void an_unknown_name_is_looked_for_again_until_it_is_known() {
        UidPolicy policy = start(Settings.of("uid", "useradd", "allow", "carol"));
        assertEquals(Effect.DENY, effect(policy, 1004));
        background.pass(Duration.ofMinutes(5));
        users.with("carol", 1004);
        background.pass(Duration.ofMinutes(1));
        assertEquals(Effect.ALLOW, effect(policy, 1004));
        int asked = users.asked;
        background.pass(Duration.ofDays(1));
        assertEquals(asked, users.asked);
    }

    @Test
    void a_removal_that_is_taken_back_counts_again_even_where_the_name_service_does_not_answer() {
        UidPolicy policy = start(Settings.of("uid", "undo", "allow", "1001, bob"));
        users.silent = true;
        policy.update(Settings.of("uid", "undo", "allow", "bob, carol"));
        assertEquals(Effect.ABSTAIN, effect(policy));
        policy.update(Settings.of("uid", "undo", "allow", "1001, bob, carol"));
        assertEquals(Effect.ALLOW, effect(policy));
        policy.update(Settings.of("uid", "undo", "allow", "bob, carol"));
        policy.update(Settings.of("uid", "undo", "allow", "1001, 9-8"));
        assertEquals(Effect.ABSTAIN, effect(policy), "a file that is not understood gives nothing back");
        assertEquals(Effect.ALLOW, effect(policy, 1002));
    }

    @Test
    void a_name_that_stands_for_somebody_else_by_now_does_not_bring_its_old_id_back() {
        UidPolicy policy = start(Settings.of("uid", "reused", "allow", "bob"));
        users.with("bob", 2002);
        policy.update(Settings.of("uid", "reused", "allow", "bob, carol"));
        assertEquals(Effect.ABSTAIN, effect(policy, 1002));
        users.silent = true;
        background.pass(SECOND);
        assertEquals(Effect.ABSTAIN, effect(policy, 1002));
        assertEquals(Effect.ABSTAIN, effect(policy, 2002));
    }

    @Test
    void what_is_removed_counts_no_longer_while_a_slow_name_service_is_asked() {
        UidPolicy policy = start(Settings.of("uid", "slowcut", "allow", "1001, bob"));
        background.prompt = false;
        policy.update(Settings.of("uid", "slowcut", "allow", "bob, carol"));
        assertEquals(Effect.ABSTAIN, effect(policy));
        assertEquals(Effect.ALLOW, effect(policy, 1002));
    }

    @Test
    void a_name_service_that_is_not_up_yet_locks_out_nobody_whom_it_has_nothing_to_do_with() {
        users.silent = true;
        UidPolicy abstaining = start(Settings.of("uid", "boot", "allow", "1002, alice"));
        assertEquals(State.REJECTED, abstaining.status().state());
        assertEquals(Effect.ALLOW, effect(abstaining, 1002));
        assertEquals(Effect.ABSTAIN, effect(abstaining, 1001));
        UidPolicy denying = start(Settings.of("uid", "boot2", "allow", "1002, alice", "otherwise", "deny"));
        assertEquals(Effect.ALLOW, effect(denying, 1002));
        assertEquals(Effect.DENY, effect(denying, 1001));
        users.silent = false;
        background.pass(SECOND);
        assertEquals(PolicyStatus.ACTIVE, abstaining.status());
        assertEquals(Effect.ALLOW, effect(abstaining, 1001));
        assertEquals(Effect.ALLOW, effect(denying, 1001));
    }

    @Test
    void names_that_another_service_knows_count_while_one_is_down() {
        users.down.add("CORP\\ulrich");
        UidPolicy policy = start(Settings.of("uid", "down", "allow", "CORP\\ulrich, alice", "otherwise", "deny"));
        assertEquals(Effect.ALLOW, effect(policy, 1001));
        assertProblem(
                State.REJECTED,
                "etc/org.peercred.policy.uid-down.cfg: allow = CORP\\ulrich: the name service does not answer and is asked"
                        + " again until it does.",
                policy);
        users.down.clear();
        users.with("CORP\\ulrich", 70_001);
        background.pass(SECOND);
        assertEquals(Effect.ALLOW, effect(policy, 70_001));
    }

    @Test
    void a_name_that_nobody_has_denies_all_even_where_another_service_is_down() {
        users.down.add("alice");
        UidPolicy policy = start(Settings.of("uid", "both", "allow", "alice, carol, bob"));
        assertEquals(Effect.DENY, effect(policy, 1002));
    }

    @Test
    void names_may_hold_blanks() {
        users.with("John Doe", 70_002);
        UidPolicy policy = start(Settings.of("uid", "blanks", "allow", " John Doe , alice"));
        assertEquals(Effect.ALLOW, effect(policy, 70_002));
        assertEquals(Effect.ALLOW, effect(policy, 1001));
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
        policy.update(Settings.of("uid", "replaced", "allow", "1002"));
        users.silent = false;
        background.pass(Duration.ofDays(1));
        assertEquals(Effect.ABSTAIN, effect(policy));
        assertEquals(0, users.asked - 1);
    }

    @Test
    void a_retry_that_is_still_to_come_asks_for_no_name_that_is_known_by_then() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "retried", "allow", "alice"));
        users.silent = false;
        policy.update(Settings.of("uid", "retried", "allow", "bob"));
        assertEquals(2, users.asked);
        background.pass(Duration.ofDays(1));
        assertEquals(2, users.asked);
    }

    @Test
    void a_slow_name_service_holds_up_nobody_and_its_answer_counts_in_the_end() {
        background.prompt = false;
        UidPolicy policy = start(Settings.of("uid", "slow", "allow", "alice"));
        assertProblem(
                State.REJECTED,
                "etc/org.peercred.policy.uid-slow.cfg: the names in it are still being looked up.",
                policy);
        assertEquals(Effect.ABSTAIN, effect(policy));
        background.unstick();
        assertEquals(Effect.ALLOW, effect(policy));
        policy.update(Settings.of("uid", "slow", "allow", "bob"));
        policy.update(Settings.of("uid", "slow", "allow", "alice, bob"));
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
        policy.update(Settings.of("uid", "moment", "allow", "carol"));
        assertProblem(
                State.LAST_GOOD,
                "etc/org.peercred.policy.uid-moment.cfg: allow = carol: there is no user of that name; it is looked for"
                        + " again until there is. What was removed from the list no longer counts.",
                policy);
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

    @Test
    void requirements_are_not_met_before_the_names_are_known() {
        users.silent = true;
        UidPolicy policy = start(Settings.of("uid", "late", "allow", "alice"));
        Decisions decisions = new Decisions();
        policy.onChange(() -> decisions.changed("key"));
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
