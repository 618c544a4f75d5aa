/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.UnavailableException;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.keeper.Doubts;

/**
 * Keeps what the configurations of roles say. It needs nothing but what is always there, and has no configuration, so that it is never activated anew,
 * which would activate the policies that look here anew too. A question reads one volatile field.
 */
@Component(
        name = "org.peercred.policy.roles",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {RoleDirectory.class, RoleCheck.class, RoleBook.class, RoleAlternatives.class})
public final class RoleDirectoryComponent implements RoleDirectory, RoleCheck, RoleBook, RoleAlternatives {

    private static final Map<String, Doubt> UNKNOWN =
            Map.of(Doubt.ALL, new Doubt(Doubt.ALL, "It is not known yet which configurations count.", true));

    private final Map<Object, RoleEntry> entries = new LinkedHashMap<>();
    private volatile RolesInForce roles = RolesInForce.NONE;
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
        return roles.rolesOf(peer, listener);
    }

    @Override
    public boolean has(Peer peer, String listener, String role) {
        return roles.has(peer, listener, role);
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

    @Override
    public RoleDirectory instead(String pid, RolesTrial trial, UserDatabase users, PeerCredentialProvider credentials)
            throws UnavailableException {
        RoleGrants proposed = trial.grants(users, credentials);
        synchronized (entries) {
            List<RoleGrants> counted = counted(pid);
            if (!isClosed(Doubt.ALL)) {
                counted.add(proposed);
            }
            return RolesInForce.of(counted);
        }
    }

    @Override
    public RoleDirectory unchanged() {
        return roles;
    }

    private boolean merge() {
        RolesInForce merged = RolesInForce.of(counted(""));
        boolean changed = !merged.equals(roles);
        roles = merged;
        return changed;
    }

    /** What the configurations give that count, but for the one with this PID. */
    private List<RoleGrants> counted(String but) {
        List<RoleGrants> counted = new ArrayList<>();
        for (RoleEntry entry : entries.values()) {
            if (!isClosed(Doubt.ALL) && !isClosed(entry.pid()) && !entry.pid().equals(but)) {
                counted.add(entry.grants());
            }
        }
        return counted;
    }

    private boolean isClosed(String pid) {
        Doubt doubt = doubts.get(pid);
        return doubt != null && doubt.closed();
    }
}
