/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.access.AccessPolicy;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.Settings;

/** While the configuration of a policy that can deny exists, its absence closes what it covered. */
@Timeout(120)
class AbsenceTest extends AbsenceFixture {

    private final List<Boolean> heard = new ArrayList<>();

    @Test
    void a_policy_that_denies_is_missed_from_the_first_decision_on() {
        configurations.put(OTHERS_ONLY);
        start();
        assertFalse(open("echo"));
        assertTrue(open("other"));
        assertEquals(
                "etc/org.peercred.policy.uid-x.cfg: the policy uid~x is configured but not there yet",
                component.decide(on("echo")).reason());
        PolicyReport missing = report("uid~x").orElseThrow();
        assertEquals(State.REJECTED, missing.status().state());
        assertEquals(new PolicyScope(Set.of("echo"), Set.of("connect")), missing.scope());
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, uid(Settings.with(OTHERS_ONLY, "allow", "1001")));
        assertTrue(open("echo"));
        assertEquals(State.ACTIVE, report("uid~x").orElseThrow().status().state());
        assertEquals(2, component.policies().size());
    }

    @Test
    void a_policy_that_goes_leaves_closed_what_it_covered_until_it_is_back() {
        configurations.put(OTHERS_ONLY);
        start();
        UidPolicy policy = uid(Settings.with(OTHERS_ONLY, "allow", "1001"));
        ServiceReference<AccessPolicy> reference = reference(List.of(PID));
        component.bindPolicy(reference, policy);
        component.bindListener(generation -> heard.add(open("echo")));
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        component.bindPolicy(reference(new String[] {PID}), uid(Settings.with(OTHERS_ONLY, "allow", "1001")));
        assertTrue(open("echo"));
        assertEquals(List.of(true, false, true), heard);
    }

    @Test
    void a_policy_that_denied_all_since_its_configuration_is_bad_is_missed_as_well() {
        Map<String, Object> bad = Settings.with(OTHERS_ONLY, "otherwise", "abstain", "allow", "9-8");
        configurations.put(bad);
        start();
        UidPolicy policy = uid(bad);
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        assertFalse(open("echo"));
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        assertTrue(open("other"));
        component.bindPolicy(reference, policy);
        Map<String, Object> good = Settings.with(bad, "allow", "7");
        configurations.put(good);
        policy.update(good);
        component.unbindPolicy(reference);
        assertTrue(open("echo"));
    }

    @Test
    void a_policy_that_denied_by_its_last_good_configuration_is_missed_as_well() {
        configurations.put(OTHERS_ONLY);
        start();
        UidPolicy policy = uid(OTHERS_ONLY);
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        Map<String, Object> bad = Settings.with(OTHERS_ONLY, "otherwise", "abstain", "allow", "9-8");
        configurations.put(bad);
        policy.update(bad);
        assertFalse(open("echo"));
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        configurations.delete(PID);
        assertTrue(open("echo"));
    }

    @Test
    void a_deleted_configuration_closes_nothing_and_drops_nobody() {
        configurations.put(OTHERS_ONLY);
        start();
        UidPolicy policy = uid(Settings.with(OTHERS_ONLY, "allow", "1001"));
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        component.bindListener(generation -> heard.add(open("echo")));
        configurations.delete(PID);
        component.unbindPolicy(reference);
        assertEquals(List.of(true, true), heard);
        assertEquals(Optional.empty(), report("uid~x"));
    }

    @Test
    void a_configuration_deleted_while_its_policy_is_away_opens_what_it_closed() {
        configurations.put(OTHERS_ONLY);
        start();
        assertFalse(open("echo"));
        configurations.delete(PID);
        assertTrue(open("echo"));
    }

    @Test
    void a_changed_configuration_moves_what_is_closed() {
        configurations.put(OTHERS_ONLY);
        start();
        configurations.put(Settings.with(OTHERS_ONLY, "listeners", "other"));
        assertTrue(open("echo"));
        assertFalse(open("other"));
        configurations.put(Settings.with(OTHERS_ONLY, "otherwise", "abstain"));
        assertTrue(open("other"));
    }

    @Test
    void each_new_configuration_gives_its_policy_five_seconds_of_its_own() {
        start();
        component.bindListener(generation -> heard.add(open("echo")));
        configurations.put(OTHERS_ONLY);
        background.pass(Duration.ofSeconds(2));
        configurations.delete(PID);
        background.pass(Duration.ofSeconds(2));
        configurations.put(OTHERS_ONLY);
        configurations.put(Settings.of("uid", "y", "allow", "7", "otherwise", "deny", "listeners", "echo"));
        background.pass(Duration.ofSeconds(4));
        assertEquals(List.of(true), heard);
        background.pass(Duration.ofSeconds(1));
        assertFalse(open("echo"));
    }

    @Test
    void a_new_configuration_gives_its_policy_five_seconds_and_nobody_is_dropped_meanwhile() {
        start();
        component.bindListener(generation -> heard.add(open("echo")));
        configurations.put(Settings.with(OTHERS_ONLY, "name", "late"));
        background.pass(Duration.ofSeconds(4));
        assertEquals(List.of(true), heard);
        assertTrue(open("echo"));
        background.pass(Duration.ofSeconds(1));
        assertFalse(open("echo"));
        background.pass(Duration.ofSeconds(60));
        assertEquals(List.of(true, false), heard);
        assertEquals(
                1,
                Logged.lines("WARN", "the policy uid~late is configured but not there yet. It denies all it covers.")
                        .size());
    }

    @Test
    void a_new_policy_that_was_there_is_missed_at_once() {
        start();
        configurations.put(OTHERS_ONLY);
        UidPolicy policy = uid(OTHERS_ONLY);
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
    }

    @Test
    void a_policy_that_says_the_same_in_a_changed_configuration_tells_nobody() {
        configurations.put(OTHERS_ONLY);
        start();
        component.bindListener(generation -> heard.add(open("echo")));
        long before = component.generation();
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched"));
        assertEquals(before, component.generation());
        assertEquals(Verdict.Effect.DENY, effect());
    }

    private Verdict.Effect effect() {
        return component.explain(on("echo")).opinions().stream()
                .filter(opinion -> opinion.policy().equals("uid~x"))
                .findAny()
                .orElseThrow()
                .verdict()
                .effect();
    }
}
