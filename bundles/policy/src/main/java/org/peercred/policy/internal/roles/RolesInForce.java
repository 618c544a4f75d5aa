/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peercred.access.RoleDirectory;
import org.peercred.credentials.Peer;

/**
 * The roles that several configurations give together. Immutable.
 *
 * @param members for each role who has it, an entry for each configuration that gives it
 */
record RolesInForce(Map<String, List<RoleMembers>> members) implements RoleDirectory, RoleCheck {

    /** No role is given. */
    static final RolesInForce NONE = new RolesInForce(Map.of());

    static RolesInForce of(Collection<RoleGrants> all) {
        Map<String, List<RoleMembers>> merged = new HashMap<>();
        for (RoleGrants grants : all) {
            grants.members().forEach((role, members) -> merged.computeIfAbsent(role, key -> new ArrayList<>())
                    .add(members));
        }
        return new RolesInForce(merged);
    }

    @Override
    public Set<String> rolesOf(Peer peer, String listener) {
        Set<String> held = new HashSet<>();
        members.forEach((role, configured) -> {
            if (anyContains(configured, peer, listener)) {
                held.add(role);
            }
        });
        return Set.copyOf(held);
    }

    @Override
    public boolean has(Peer peer, String listener, String role) {
        List<RoleMembers> configured = members.get(role);
        return configured != null && anyContains(configured, peer, listener);
    }

    private static boolean anyContains(List<RoleMembers> members, Peer peer, String listener) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).contains(peer, listener)) {
                return true;
            }
        }
        return false;
    }
}
