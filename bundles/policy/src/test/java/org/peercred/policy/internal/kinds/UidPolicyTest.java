/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.access.Verdict.Effect;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class UidPolicyTest {

    private final FakeUsers users = new FakeUsers();

    private UidPolicy policy(String allow, Object... settings) {
        return new UidPolicy(
                Settings.with(Settings.of("uid", "list", "allow", allow), settings),
                users,
                new FakeCredentials(1000),
                new FakeBackground());
    }

    private static Effect effect(UidPolicy policy, long uid) {
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy.evaluate(FakePeer.uid(uid).connect("echo")).effect();
    }

    @Test
    void allows_ids_names_and_ranges() {
        UidPolicy policy = policy("alice, 0 ,2000-2999,3001 - 3002,4294967294");
        for (long uid : new long[] {1001, 0, 2000, 2500, 2999, 3001, 3002, 4_294_967_294L}) {
            assertEquals(Effect.ALLOW, effect(policy, uid), () -> "uid " + uid);
        }
        for (long uid : new long[] {1, 1000, 1002, 1999, 3000, 3003, 4_294_967_293L, 4_294_967_295L}) {
            assertEquals(Effect.ABSTAIN, effect(policy, uid), () -> "uid " + uid);
        }
    }

    @Test
    void grants_nothing_where_the_list_is_empty_or_missing() {
        assertEquals(Effect.ABSTAIN, effect(policy(""), 0));
        UidPolicy missing =
                new UidPolicy(Settings.of("uid", "list"), users, new FakeCredentials(1000), new FakeBackground());
        assertEquals(Effect.ABSTAIN, effect(missing, 0));
    }

    @Test
    void refuses_all_others_where_told_so() {
        UidPolicy policy = policy("alice", "otherwise", "deny");
        assertEquals(Effect.ALLOW, effect(policy, 1001));
        assertEquals(Effect.DENY, effect(policy, 1002));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow | 4294967295 | ids go from 0 to 4294967294",
                "allow | 99999999999999999999 | ids go from 0 to 4294967294",
                "allow | 1-4294967295 | ids go from 0 to 4294967294",
                "allow | 20-10 | a range goes from the lesser to the greater id",
                "allow | * | a list does not know *; for every user write the range 0-4294967294",
                "allow | -1 | an id, a user name or a range is expected",
                "allow | al ice | there is no user of that name (names are separated by commas); it is looked for again until there is",
                "allow | 1001 1002 | an id, a user name or a range is expected",
                "allow | al\u00a0ice | an id, a user name or a range is expected",
                "allow | alice:x | an id, a user name or a range is expected",
                "allow | 0x10 | there is no user of that name; it is looked for again until there is",
                "allow | 1-2-3 | there is no user of that name; it is looked for again until there is",
                "allow | carol | there is no user of that name; it is looked for again until there is",
                "otherwise | denied | it must be abstain or deny",
            })
    void explains_what_cannot_be_understood(String key, String value, String explanation) {
        UidPolicy policy = policy("1001", key, value);
        String problem = "etc/org.peercred.policy.uid-list.cfg: " + key + " = " + value + ": " + explanation + ".";
        assertEquals(Optional.of(problem), policy.status().problem());
    }

    @Test
    void one_bad_entry_rejects_the_whole_list() {
        assertEquals(
                PolicyStatus.State.REJECTED,
                policy("1001, alice, carol").status().state());
    }

    @Test
    void a_number_is_an_id_even_if_a_name_service_calls_somebody_so() {
        users.with("1002", 7);
        UidPolicy policy = policy("1002");
        assertEquals(Effect.ALLOW, effect(policy, 1002));
        assertEquals(Effect.ABSTAIN, effect(policy, 7));
        assertEquals(0, users.asked);
    }

    @Test
    void refuses_a_name_service_that_gives_an_impossible_id() {
        users.with("odd", 4_294_967_295L).with("odder", -2);
        assertEquals(PolicyStatus.State.REJECTED, policy("odd").status().state());
        assertEquals(PolicyStatus.State.REJECTED, policy("odder").status().state());
    }

    @Test
    void the_overflow_id_is_granted_nothing_by_number_name_or_range() {
        for (String allow : new String[] {"65534", "nobody", "65000-65535", "0-4294967294"}) {
            UidPolicy policy = policy(allow, "name", "overflow");
            assertEquals(Effect.ABSTAIN, effect(policy, 65534), allow);
            assertEquals(Effect.DENY, effect(policy(allow, "otherwise", "deny"), 65534), allow);
        }
        assertEquals(Effect.ALLOW, effect(policy("65000-65535"), 65533));
        assertEquals(Effect.ALLOW, effect(policy("65000-65535"), 65535));
        assertTrue(Logged.lines("WARN", "allow = nobody: uid 65534 stands for everyone the kernel cannot name here")
                        .size()
                >= 1);
        assertTrue(Logged.lines("WARN", "allow = 65534: uid 65534 stands for everyone")
                        .size()
                >= 1);
    }

    @Test
    void a_decision_allocates_the_same_few_bytes_however_long_the_list_is() {
        long few = bytesPerDecision(policy("alice, 5, 7"));
        String many = IntStream.range(0, 10_000)
                .map(i -> 100_000 + 3 * i)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
        UidPolicy long10000 = policy("alice," + many);
        assertEquals(Effect.ALLOW, effect(long10000, 100_000 + 3 * 9_999));
        assertEquals(Effect.ABSTAIN, effect(long10000, 100_001));
        long more = bytesPerDecision(long10000);
        assertTrue(more <= few + 8, () -> more + " bytes with 10,000 entries, " + few + " with three");
        assertTrue(few <= 128, () -> few + " bytes per decision");
    }

    /** With the owner policy beside it, which abstains and must not build its sentence each time. */
    private static long bytesPerDecision(UidPolicy policy) {
        Decisions decisions = new Decisions();
        decisions.add("a", policy);
        decisions.add("b", new OwnerPolicy(Settings.of("owner", ""), new FakeCredentials(1000), new FakeBackground()));
        AccessRequest request = FakePeer.uid(1001).connect("echo", "owner");
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        int rounds = 50_000;
        Decision last = decisions.decide(request);
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < rounds; i++) {
                last = decisions.decide(request);
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / rounds);
        }
        assertEquals(Verdict.allow("the uid is on the list").reason(), last.reason());
        return least;
    }
}
