/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.access.Verdict.Effect;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** Names that the name service does not know, or not yet. */
@Timeout(120)
class UnknownNamesTest extends ConfiguredPolicyFixture {

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
