/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class GroupPolicyTest {

    private static final Verdict UNLISTED = Verdict.abstain("none of the peer's groups is on the list");
    private static final Verdict LISTED = Verdict.allow("one of the peer's groups is on the list");

    private final FakeUsers groups = new FakeUsers().with("wheel", 10).with("nogroup", 65534);

    private GroupPolicy policy(String allow, Object... settings) {
        return new GroupPolicy(
                Settings.with(Settings.of("group", "list", "allow", allow), settings),
                groups,
                new FakeCredentials(1000),
                new FakeBackground());
    }

    private static Verdict verdict(GroupPolicy policy, FakePeer peer) {
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy.evaluate(peer.connect("echo"));
    }

    @Test
    void allows_by_any_of_the_groups_that_the_kernel_attests() {
        GroupPolicy policy = policy("wheel, 2000-2999");
        assertEquals("group~list", policy.id());
        assertEquals(LISTED, verdict(policy, FakePeer.uid(1).inGroups(1L, 10L)));
        assertEquals(LISTED, verdict(policy, FakePeer.uid(1).inGroups(2999L)));
        assertEquals(UNLISTED, verdict(policy, FakePeer.uid(1).inGroups(1L, 11L, 3000L)));
        assertEquals(UNLISTED, verdict(policy, FakePeer.uid(1).inGroups()));
    }

    @Test
    void does_not_take_the_uid_or_the_primary_group_for_an_attested_list() {
        // The fake peer's gid is its uid: the list is what counts.
        assertEquals(UNLISTED, verdict(policy("10"), FakePeer.uid(10).inGroups(11L)));
    }

    @Test
    void finds_one_of_a_thousand_groups() {
        Long[] many = LongStream.range(5000, 6000).boxed().toArray(Long[]::new);
        assertEquals(LISTED, verdict(policy("5999"), FakePeer.uid(1).inGroups(many)));
        assertEquals(UNLISTED, verdict(policy("6000"), FakePeer.uid(1).inGroups(many)));
    }

    @Test
    void where_the_groups_cannot_be_had_otherwise_counts_and_the_reason_says_why() {
        FakePeer peer = FakePeer.uid(10).noGroups("this kernel has no SO_PEERGROUPS (before Linux 4.13)");
        String reason = "the peer's groups are not known: this kernel has no SO_PEERGROUPS (before Linux 4.13)";
        assertEquals(Verdict.abstain(reason), verdict(policy("10"), peer));
        assertEquals(Verdict.deny(reason), verdict(policy("10", "otherwise", "deny"), peer));
    }

    @Test
    void the_overflow_group_is_granted_nothing() {
        for (String allow : new String[] {"65534", "nogroup", "60000-70000"}) {
            assertEquals(UNLISTED, verdict(policy(allow), FakePeer.uid(1).inGroups(65534L)), allow);
        }
        assertEquals(LISTED, verdict(policy("60000-70000"), FakePeer.uid(65534).inGroups(65534L, 65533L)));
    }

    @Test
    void says_what_to_write_for_every_group() {
        assertEquals(
                Optional.of("etc/org.peercred.policy.group-list.cfg: allow = *: a list does not know *;"
                        + " for every group write the range 0-4294967294."),
                policy("*").status().problem());
    }

    @Test
    void a_group_that_does_not_exist_rejects_the_list() {
        assertEquals(
                Optional.of("etc/org.peercred.policy.group-list.cfg: allow = wheels: there is no group of that name;"
                        + " it is looked for again until there is."),
                policy("10, wheels").status().problem());
    }

    @Test
    void a_group_may_have_a_blank_in_its_name() {
        groups.with("domain users", 70_513);
        assertEquals(
                LISTED, verdict(policy("domain users, wheel"), FakePeer.uid(1).inGroups(70_513L)));
    }

    @Test
    void a_group_that_is_removed_counts_no_longer_even_where_another_is_not_known() {
        GroupPolicy policy = policy("10, 11, wheel");
        policy.modified(Settings.of("group", "list", "allow", "11, wheels"));
        assertEquals(PolicyStatus.State.LAST_GOOD, policy.status().state());
        assertEquals(UNLISTED, policy.evaluate(FakePeer.uid(1).inGroups(10L).connect("echo")));
        assertEquals(LISTED, policy.evaluate(FakePeer.uid(1).inGroups(11L).connect("echo")));
    }

    @Test
    void follows_its_configuration_in_place() {
        GroupPolicy policy = policy("10");
        policy.modified(Settings.of("group", "list", "allow", "11", "otherwise", "deny"));
        assertEquals(
                Verdict.deny("none of the peer's groups is on the list"),
                verdict(policy, FakePeer.uid(1).inGroups(10L)));
        policy.deactivate();
    }
}
