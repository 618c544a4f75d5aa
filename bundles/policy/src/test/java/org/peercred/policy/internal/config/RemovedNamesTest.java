/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict.Effect;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.Settings;

/** What is removed from a list counts no longer, whatever becomes of the rest. */
@Timeout(120)
class RemovedNamesTest extends ConfiguredPolicyFixture {

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
}
