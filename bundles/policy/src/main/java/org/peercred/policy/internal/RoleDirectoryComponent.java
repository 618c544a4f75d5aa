/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RolesReport;
import org.peercred.credentials.Peer;

/**
 * Keeps what the configurations of roles say. It needs nothing and has no configuration, so that it is never activated anew,
 * which would activate the policies that look here anew too. A question reads one volatile field.
 */
@Component(
        name = "org.peercred.policy.roles",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {RoleDirectory.class, RoleBook.class})
public final class RoleDirectoryComponent implements RoleDirectory, RoleBook {

    private final Map<Object, RoleEntry> entries = new LinkedHashMap<>();
    private volatile Map<String, List<RoleMembers>> roles = Map.of();

    /** Starts with no role. */
    @Activate
    public RoleDirectoryComponent() {}

    @Override
    public Set<String> rolesOf(Peer peer) {
        Set<String> held = new HashSet<>();
        roles.forEach((role, members) -> {
            if (anyContains(members, peer)) {
                held.add(role);
            }
        });
        return Set.copyOf(held);
    }

    @Override
    public boolean has(Peer peer, String role) {
        List<RoleMembers> members = roles.get(role);
        return members != null && anyContains(members, peer);
    }

    @Override
    public List<RolesReport> configurations() {
        synchronized (entries) {
            return entries.values().stream()
                    .map(RoleEntry::report)
                    .sorted(Comparator.comparing(RolesReport::name))
                    .toList();
        }
    }

    @Override
    public boolean put(Object configuration, RoleEntry entry) {
        synchronized (entries) {
            entries.put(configuration, entry);
            return merge();
        }
    }

    @Override
    public boolean remove(Object configuration) {
        synchronized (entries) {
            entries.remove(configuration);
            return merge();
        }
    }

    private boolean merge() {
        Map<String, List<RoleMembers>> merged = new HashMap<>();
        for (RoleEntry entry : entries.values()) {
            entry.roles().forEach((role, members) -> merged.computeIfAbsent(role, key -> new ArrayList<>())
                    .add(members));
        }
        boolean changed = !merged.equals(roles);
        roles = merged;
        return changed;
    }

    private static boolean anyContains(List<RoleMembers> members, Peer peer) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).contains(peer)) {
                return true;
            }
        }
        return false;
    }
}
