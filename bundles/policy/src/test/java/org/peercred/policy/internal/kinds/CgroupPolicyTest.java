/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeProcess;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class CgroupPolicyTest {

    private static CgroupPolicy policy(String allow, Object... settings) {
        return new CgroupPolicy(
                Settings.with(Settings.of("cgroup", "services", "allow", allow), settings), new FakeBackground());
    }

    private static Verdict verdict(CgroupPolicy policy, FakePeer peer) {
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy.evaluate(peer.connect("echo"));
    }

    @ParameterizedTest
    @CsvSource({
        "/system.slice/backup.service, /system.slice/backup.service, '', ALLOW",
        "/system.slice/backup.service, /system.slice/backup.service/sub/deeper, '', ALLOW",
        "/system.slice, /system.slice/backup.service, '', ALLOW",
        "/system.slice/, /system.slice/backup.service, '', ALLOW",
        "/system.slice/backup.service, /system.slice/backup.service2, '', ABSTAIN",
        "/system.slice/backup.service, /system.slice, '', ABSTAIN",
        "/system.slice/backup.service, /user.slice/system.slice/backup.service, '', ABSTAIN",
        "/, /, '', ALLOW",
        "/, /anything, '', ALLOW",
        "/system.slice, /, '', ABSTAIN",
        "/, /.., '', ABSTAIN",
        "/, /../other, '', ABSTAIN",
        "/system.slice, /../system.slice, '', ABSTAIN",
        "backup.service, /system.slice/backup.service, backup.service, ALLOW",
        "backup.service, /system.slice/backup.service/sub, backup.service, ALLOW",
        "backup.service, /system.slice/backup2.service, backup2.service, ABSTAIN",
        "backup.service, /user.slice/u.slice/user@1.service/backup.service, user@1.service, ABSTAIN",
        "backup.service, /backup.service, '', ABSTAIN",
        "backup.service, /../backup.service, backup.service, ABSTAIN",
        "job@7.service, /system.slice/job@7.service, job@7.service, ALLOW",
    })
    void compares_paths_step_by_step_and_units_by_name(String allow, String path, String unit, Verdict.Effect effect) {
        FakePeer peer = FakePeer.uid(1).running(new FakeProcess(42, 1).group(path, unit));
        assertEquals(effect, verdict(policy(allow), peer).effect());
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup", "system.slice", "/a/../b", "/a/./b", "a/b.service", ".service", "a b.service"})
    void rejects_what_is_neither_a_path_nor_a_unit(String allow) {
        assertEquals(PolicyStatus.State.REJECTED, policy(allow).status().state());
    }

    @Test
    void says_what_to_write_for_every_control_group() {
        String sentence = "a list does not know *; for every control group write /.";
        assertTrue(policy("*").status().problem().orElseThrow().endsWith(sentence));
        FakePeer peer = FakePeer.uid(1).running(new FakeProcess(42, 1).group("/a", ""));
        assertEquals(Verdict.allow("the control group is on the list"), verdict(policy("/"), peer));
    }

    @Test
    void otherwise_says_what_others_get() {
        FakePeer peer = FakePeer.uid(1).running(new FakeProcess(42, 1).group("/a", ""));
        assertEquals(Verdict.abstain("the control group is not on the list"), verdict(policy("/b"), peer));
        assertEquals(
                Verdict.deny("the control group is not on the list"), verdict(policy("/b", "otherwise", "deny"), peer));
    }

    @Test
    void where_the_control_group_cannot_be_had_otherwise_counts_and_the_reason_says_why() {
        FakePeer unpinned = FakePeer.uid(1).noProcess("this kernel has no SO_PEERPIDFD (before Linux 6.5)");
        assertEquals(
                Verdict.abstain("the control group is not known: this kernel has no SO_PEERPIDFD (before Linux 6.5)"),
                verdict(policy("/"), unpinned));
        FakePeer ended = FakePeer.uid(1).running(new FakeProcess(42, 1).noGroup("the process has ended"));
        assertEquals(
                Verdict.deny("the control group is not known: the process has ended"),
                verdict(policy("/", "otherwise", "deny"), ended));
    }

    @Test
    void follows_its_configuration_in_place() {
        FakePeer peer = FakePeer.uid(1).running(new FakeProcess(42, 1).group("/a", ""));
        CgroupPolicy policy = policy("/a");
        assertEquals("cgroup~services", policy.id());
        assertEquals(Verdict.Effect.ALLOW, verdict(policy, peer).effect());
        policy.modified(Settings.of("cgroup", "services", "allow", "/b"));
        assertEquals(Verdict.Effect.ABSTAIN, verdict(policy, peer).effect());
        policy.deactivate();
    }
}
