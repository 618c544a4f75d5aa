/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.Decision;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.access.Verdict.Effect;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class OwnerAndSuperuserTest {

    private static OwnerPolicy owner(long daemonUid, Object... settings) {
        return new OwnerPolicy(
                Settings.of("owner", "", settings), new FakeCredentials(daemonUid), new FakeBackground());
    }

    private static SuperuserPolicy superuser(long daemonUid, Object... settings) {
        return new SuperuserPolicy(
                Settings.of("superuser", "", settings), new FakeCredentials(daemonUid), new FakeBackground());
    }

    private static Decision decide(long daemonUid, long peerUid) {
        Decisions decisions = new Decisions();
        decisions.add("a", owner(daemonUid));
        decisions.add("b", superuser(daemonUid));
        return decisions.decide(FakePeer.uid(peerUid).connect("echo", "owner", "superuser"));
    }

    @Test
    void allows_the_daemons_own_user() {
        Decision decision = decide(1000, 1000);
        assertEquals("owner", decision.policy().orElseThrow());
        assertEquals(true, decision.allowed());
    }

    @Test
    void turns_strangers_away_with_both_uids() {
        Decision decision = decide(1000, 1001);
        assertFalse(decision.allowed());
        assertEquals("owner", decision.policy().orElseThrow());
        assertEquals("UID mismatch (1001 != 1000)", decision.reason());
    }

    @Test
    void denies_root_unless_the_daemon_runs_as_root() {
        Decision decision = decide(1000, 0);
        assertFalse(decision.allowed());
        assertEquals("superuser", decision.policy().orElseThrow());
        assertEquals("UID mismatch (0 != 1000)", decision.reason());
        assertEquals(true, decide(0, 0).allowed());
        assertEquals("UID mismatch (1000 != 0)", decide(0, 1000).reason());
    }

    @Test
    void shows_the_greatest_uid_unsigned() {
        assertEquals(
                "UID mismatch (4294967294 != 1000)",
                decide(1000, 4_294_967_294L).reason());
    }

    @Test
    void denies_root_whoever_else_allows_it() {
        Decisions decisions = new Decisions();
        decisions.add("a", superuser(1000));
        decisions.add("b", FixedPolicy.allow("uid~a"));
        assertFalse(decisions.decide(FakePeer.uid(0).connect("echo")).allowed());
        assertEquals(true, decisions.decide(FakePeer.uid(7).connect("echo")).allowed());
    }

    @Test
    void grants_nothing_to_the_overflow_uid_even_if_the_daemon_runs_as_it() {
        Verdict verdict = owner(FakeCredentials.OVERFLOW)
                .evaluate(FakePeer.uid(FakeCredentials.OVERFLOW).connect("echo"));
        assertEquals(Effect.ABSTAIN, verdict.effect());
    }

    @Test
    void says_the_same_to_the_same_stranger_without_building_it_anew() {
        OwnerPolicy policy = owner(1000);
        for (long uid = 1001; uid < 1100; uid++) {
            Verdict first = policy.evaluate(FakePeer.uid(uid).connect("echo"));
            assertEquals("UID mismatch (" + uid + " != 1000)", first.reason());
            assertSame(first, policy.evaluate(FakePeer.uid(uid).connect("echo")));
        }
    }

    @Test
    void have_ids_without_a_name_whatever_the_configuration_says() {
        assertEquals("owner", owner(1000, "name", "else").id());
        assertEquals("superuser", superuser(1000).id());
    }

    @Test
    void keep_their_last_good_configuration() {
        OwnerPolicy policy = owner(1000, "listeners", "echo");
        policy.modified(Settings.of("owner", "", "actions", "nothing"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals("[echo]", policy.scope().listeners().toString());
        policy.modified(Settings.of("owner", "", "actions", "command:*"));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
    }

    @Test
    void deny_everything_where_the_first_configuration_is_bad() {
        assertEquals(
                Effect.DENY,
                owner(1000, "actions", "nothing")
                        .evaluate(FakePeer.uid(1000).connect("echo"))
                        .effect());
        assertEquals(
                Effect.DENY,
                superuser(1000, "listeners", "")
                        .evaluate(FakePeer.uid(1000).connect("echo"))
                        .effect());
    }
}
