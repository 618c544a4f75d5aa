/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RolesReport;
import org.peercred.credentials.Peer;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.keeper.Doubts;

/**
 * Keeps what the configurations of roles say. It needs nothing but what is always there, and has no configuration, so that it is never activated anew,
 * which would activate the policies that look here anew too. A question reads one volatile field.
 */
@Component(
        name = "org.peercred.policy.roles",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {RoleDirectory.class, RoleCheck.class, RoleBook.class})
public final class RoleDirectoryComponent implements RoleDirectory, RoleCheck, RoleBook {

    private static final Map<String, Doubt> UNKNOWN =
            Map.of(Doubt.ALL, new Doubt(Doubt.ALL, "It is not known yet which configurations count.", true));

    private final Map<Object, RoleEntry> entries = new LinkedHashMap<>();
    private volatile Map<String, List<RoleMembers>> roles = Map.of();
    private final Consumer<Map<String, Doubt>> doubter = this::doubt;

    /** No role is given before these are known. */
    private Map<String, Doubt> doubts = UNKNOWN;

    /** Starts with no role. */
    @Activate
    public RoleDirectoryComponent() {}

    /** Which configurations must not count as they are is known before any role is given. */
    @Reference(name = "doubts", service = Doubts.class, bind = "bindDoubts", unbind = "unbindDoubts")
    void bindDoubts(Doubts known) {
        known.follow(doubter, false);
    }

    void unbindDoubts(Doubts known) {
        known.forget(doubter);
    }

    private void doubt(Map<String, Doubt> newDoubts) {
        synchronized (entries) {
            doubts = newDoubts;
            merge();
        }
    }

    @Override
    public Set<String> rolesOf(Peer peer, String listener) {
        Set<String> held = new HashSet<>();
        roles.forEach((role, members) -> {
            if (anyContains(members, peer, listener)) {
                held.add(role);
            }
        });
        return Set.copyOf(held);
    }

    @Override
    public boolean has(Peer peer, String listener, String role) {
        List<RoleMembers> members = roles.get(role);
        return members != null && anyContains(members, peer, listener);
    }

    @Override
    public List<RolesReport> configurations() {
        synchronized (entries) {
            return entries.values().stream()
                    .map(this::report)
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

    private RolesReport report(RoleEntry entry) {
        Doubt doubt = doubts.get(entry.pid());
        if (doubt == null) {
            return entry.report();
        }
        State state = doubt.closed() ? State.REJECTED : State.LAST_GOOD;
        return new RolesReport(
                entry.name(),
                entry.file(),
                entry.grants().listeners(),
                doubt.closed() ? Map.of() : entry.grants().texts(),
                new PolicyStatus(state, Optional.of(doubt.problem())));
    }

    private boolean merge() {
        Map<String, List<RoleMembers>> merged = new HashMap<>();
        for (RoleEntry entry : entries.values()) {
            if (isClosed(entry.pid()) || isClosed(Doubt.ALL)) {
                continue;
            }
            entry.grants().members().forEach((role, members) -> merged.computeIfAbsent(role, key -> new ArrayList<>())
                    .add(members));
        }
        boolean changed = !merged.equals(roles);
        roles = merged;
        return changed;
    }

    private boolean isClosed(String pid) {
        Doubt doubt = doubts.get(pid);
        return doubt != null && doubt.closed();
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
