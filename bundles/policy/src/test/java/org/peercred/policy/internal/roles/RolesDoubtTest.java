/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.RolesReport;
import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.testing.FakeDoubts;
import org.peercred.policy.internal.testing.FakePeer;

/** Roles whose file cannot be read do not count as they are. */
@Timeout(120)
class RolesDoubtTest {

    private static RoleEntry viewers(String pid) {
        RoleMembers everyone = new RoleMembers(
                Set.of("*"),
                IdRanges.of(List.of(), 65534),
                IdRanges.of(List.of(), 65534),
                true,
                65534,
                Optional.empty());
        RoleGrants grants = new RoleGrants(Set.of("*"), Map.of("viewer", everyone), Map.of("viewer", List.of("*")));
        return new RoleEntry(pid, "a", "etc/a.cfg", grants, PolicyStatus.ACTIVE);
    }

    @Test
    void no_role_is_given_before_it_is_known_which_files_were_verified() {
        RoleDirectoryComponent directory = new RoleDirectoryComponent();
        directory.put(new Object(), viewers("org.peercred.roles~a"));
        assertEquals(Set.of(), directory.rolesOf(FakePeer.uid(7), "echo"));
        directory.bindDoubts(new FakeDoubts());
        assertEquals(Set.of("viewer"), directory.rolesOf(FakePeer.uid(7), "echo"));
    }

    @Test
    void roles_that_were_never_verified_are_given_to_nobody() {
        RoleDirectoryComponent directory = new RoleDirectoryComponent();
        FakeDoubts doubts = new FakeDoubts();
        directory.bindDoubts(doubts);
        String pid = "org.peercred.roles~a";
        directory.put(new Object(), viewers(pid));
        assertEquals(Set.of("viewer"), directory.rolesOf(FakePeer.uid(7), "echo"));
        doubts.tell(Map.of(pid, new Doubt(pid, "etc/a.cfg cannot be read: a test.", true)));
        assertEquals(Set.of(), directory.rolesOf(FakePeer.uid(7), "echo"));
        assertFalse(directory.has(FakePeer.uid(7), "echo", "viewer"));
        RolesReport report = directory.configurations().get(0);
        assertEquals(State.REJECTED, report.status().state());
        assertEquals(Set.of(), report.roles());
        doubts.tell(Map.of(pid, new Doubt(pid, "etc/a.cfg cannot be read: a test.", false)));
        assertEquals(Set.of("viewer"), directory.rolesOf(FakePeer.uid(7), "echo"));
        assertEquals(State.LAST_GOOD, directory.configurations().get(0).status().state());
        doubts.tell(Map.of());
        assertEquals(State.ACTIVE, directory.configurations().get(0).status().state());
    }
}
