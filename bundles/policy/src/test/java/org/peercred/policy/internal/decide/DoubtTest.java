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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus.State;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.keeper.FileName;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FixedPolicy;

/** A configuration whose file cannot be read does not count as it is. */
@Timeout(120)
class DoubtTest {

    private static final String PID = "org.peercred.policy.uid~x";
    private static final Object KEY = new Object();

    private final Decisions decisions = new Decisions();

    private boolean open() {
        AccessRequest request = FakePeer.uid(1001).connect("echo");
        return decisions.decide(request).allowed();
    }

    private void doubt(String pid, boolean closed) {
        decisions.doubt(Map.of(pid, new Doubt(pid, "etc/x.cfg cannot be read: a test.", closed)));
    }

    private PolicyReport only() {
        List<PolicyReport> all = decisions.policies();
        assertEquals(1, all.size(), all.toString());
        return all.get(0);
    }

    @Test
    void what_was_never_verified_denies_everything_in_its_policy_s_stead() {
        decisions.add(KEY, FixedPolicy.allow("uid~x"), Set.of(PID));
        assertTrue(open());
        long before = decisions.generation();
        doubt(PID, true);
        assertFalse(open());
        assertTrue(decisions.generation() > before);
        assertEquals("uid~x", only().id());
        assertEquals(State.REJECTED, only().status().state());
        decisions.doubt(Map.of());
        assertTrue(open());
        assertEquals(State.ACTIVE, only().status().state());
    }

    @Test
    void a_policy_that_was_never_there_denies_everything_too() {
        decisions.add(KEY, FixedPolicy.allow("owner"), Set.of("org.peercred.policy.owner"));
        doubt(PID, true);
        assertFalse(open());
        assertEquals(2, decisions.policies().size());
    }

    @Test
    void what_was_verified_goes_on_and_shows_why() {
        decisions.add(KEY, FixedPolicy.allow("uid~x"), Set.of(PID));
        doubt(PID, false);
        assertTrue(open());
        assertEquals(State.LAST_GOOD, only().status().state());
        assertEquals(
                "etc/x.cfg cannot be read: a test.", only().status().problem().orElseThrow());
    }

    @Test
    void a_directory_that_cannot_be_listed_closes_everything() {
        decisions.add(KEY, FixedPolicy.allow("uid~x"), Set.of(PID));
        doubt(Doubt.ALL, true);
        assertFalse(open());
    }

    @Test
    void a_listener_that_cannot_be_read_denies_nobody() {
        decisions.add(KEY, FixedPolicy.allow("uid~x"), Set.of(PID));
        doubt("org.peercred.listener~echo", true);
        assertTrue(open());
    }

    @Test
    void every_kind_of_policy_is_known_by_the_names_of_its_files() {
        Stream.of("owner", "superuser", "uid", "group", "pid", "executable", "cgroup", "command", "http")
                .forEach(kind -> {
                    assertTrue(PolicyKind.of(PolicyKind.PID_PREFIX + kind).isPresent(), kind);
                    assertTrue(FileName.known().contains(PolicyKind.PID_PREFIX + kind), kind);
                });
        long policies = FileName.known().stream()
                .filter(pid -> pid.startsWith(PolicyKind.PID_PREFIX))
                .count();
        assertEquals(9, policies);
        assertTrue(FileName.known().contains(RolesConfiguration.PID));
    }
}
