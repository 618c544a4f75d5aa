/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.ServiceReference;
import org.peercred.access.AccessPolicy;
import org.peercred.access.PolicyScope;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** What is missed, and how much is closed meanwhile. */
@Timeout(120)
class AbsenceScopeTest extends AbsenceFixture {

    @ParameterizedTest
    @CsvSource({
        "uid, true",
        "group, true",
        "pid, true",
        "cgroup, true",
        "superuser, true",
        "executable, true",
        "owner, false",
        "command, false"
    })
    void only_what_can_deny_is_missed(String kind, boolean missed) {
        configurations.put(Settings.of(kind, kind.matches("owner|superuser") ? "" : "x", "otherwise", "deny"));
        start();
        assertEquals(!missed, open("echo"));
    }

    @Test
    void what_abstains_is_not_missed() {
        for (String kind : List.of("uid", "group", "pid", "cgroup")) {
            configurations.put(Settings.of(kind, "x", "allow", "1", "otherwise", "abstain"));
            configurations.put(Settings.of(kind, "y", "allow", "1"));
        }
        start();
        assertTrue(open("echo"));
    }

    @Test
    void what_cannot_be_understood_closes_what_the_policy_would_close() {
        configurations.put(Settings.with(OTHERS_ONLY, "otherwise", "never"));
        start();
        assertFalse(open("echo"));
        assertTrue(open("other"));
        configurations.put(Settings.with(OTHERS_ONLY, "listeners", " "));
        assertFalse(open("other"));
    }

    @Test
    void what_somebody_else_may_still_fill_in_closes_everything() {
        for (String open : List.of("${env:WHERE}", "$[env:WHERE]")) {
            configurations.put(Settings.with(OTHERS_ONLY, "listeners", open));
            start();
            assertFalse(open("other"));
        }
        configurations.put(Settings.with(OTHERS_ONLY, "otherwise", "$[env:WHAT]"));
        assertFalse(open("other"));
    }

    @Test
    void what_cannot_be_read_closes_everything_if_it_could_deny() {
        configurations.put(OTHERS_ONLY);
        configurations.unreadable = true;
        start();
        assertFalse(open("other"));
        configurations.unreadable = false;
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched"));
        assertTrue(open("other"));
        configurations.broken = true;
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched again"));
        assertFalse(open("other"));
    }

    @Test
    void a_configuration_that_only_grants_closes_nothing_even_where_it_cannot_be_read() {
        configurations.put(Settings.of("command", "x", "view", "viewer"));
        configurations.unreadable = true;
        start();
        assertTrue(open("echo"));
    }

    @Test
    void a_file_that_nobody_reads_closes_nothing() {
        configurations.put(Settings.with(OTHERS_ONLY, "single", "true"));
        configurations.put(Settings.of("nonsense", "x", "otherwise", "deny"));
        start();
        assertTrue(open("echo"));
    }

    @Test
    void the_policy_of_another_bundle_is_missed_once_it_was_there() {
        String pid = "org.example.policy~mine";
        Map<String, Object> settings = Map.of("service.pid", pid);
        configurations.put(settings);
        start();
        assertTrue(open("echo"));
        FixedPolicy policy = FixedPolicy.allow("mine").on("echo");
        ServiceReference<AccessPolicy> reference = reference(pid);
        component.bindPolicy(reference, policy);
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        assertTrue(open("other"));
        configurations.put(Settings.with(settings, "x-note", "touched"));
        assertFalse(open("echo"));
        component.bindPolicy(reference, policy);
        assertTrue(open("echo"));
        configurations.delete(pid);
        component.unbindPolicy(reference);
        assertTrue(open("echo"));
    }

    @Test
    void the_policy_of_another_bundle_that_has_no_configuration_is_not_missed() {
        start();
        FixedPolicy policy = FixedPolicy.allow("mine");
        ServiceReference<AccessPolicy> reference = reference("org.example.policy");
        component.bindPolicy(reference, policy);
        component.unbindPolicy(reference);
        assertTrue(open("echo"));
    }

    @Test
    void the_policy_of_another_bundle_that_was_there_first_is_missed_as_well() {
        String pid = "org.example.policy";
        configurations.put(Map.of("service.pid", pid));
        FakePolicy policy = new FakePolicy("mine");
        ServiceReference<AccessPolicy> reference = reference(pid);
        component.bindPolicy(reference, policy);
        start();
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
    }

    @Test
    void the_absence_of_a_policy_with_an_unknown_key_closes_everything() {
        Map<String, Object> mistyped =
                Settings.of("uid", "team", "allow", "1001", "otherwise", "deny", "listener", "echo");
        assertEquals(
                PolicyScope.EVERYTHING,
                Absence.of(PolicyKind.UID, mistyped).orElseThrow().scope());
        Map<String, Object> meant = Settings.of("uid", "team", "allow", "1001", "othrwise", "deny");
        assertTrue(Absence.of(PolicyKind.UID, meant).isPresent());
        Map<String, Object> note = Settings.of("uid", "team", "allow", "1001", "x-otherwise", "deny");
        assertFalse(Absence.of(PolicyKind.UID, note).isPresent());
    }
}
