/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RolesReport;
import org.peercred.credentials.Peer;

/** Gives everybody two roles, by a configuration of two of which the other is rejected. */
public final class FakeRoles implements RoleDirectory {

    @Override
    public Set<String> rolesOf(Peer peer, String listener) {
        return Set.of("writer", "reader");
    }

    @Override
    public List<RolesReport> configurations() {
        PolicyStatus status = new PolicyStatus(State.REJECTED, Optional.of("etc/r.cfg: reader = x: no such thing."));
        return List.of(
                new RolesReport("board", "etc/r.cfg", Set.of(), Map.of(), status),
                new RolesReport(
                        "team",
                        "etc/t.cfg",
                        Set.of("notices", "echo"),
                        Map.of(
                                "writer",
                                List.of("owner"),
                                "reader",
                                List.of("user:alice", "gid:50"),
                                "none",
                                List.of()),
                        PolicyStatus.ACTIVE));
    }
}
