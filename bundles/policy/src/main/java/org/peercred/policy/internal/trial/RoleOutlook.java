/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RoleForecast;
import org.peercred.common.config.Spelling;
import org.peercred.credentials.Peer;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Scopes;
import org.peercred.policy.internal.decide.RoleUse;

/**
 * Compares the roles in force with those that there would be.
 *
 * @param now who has which role
 * @param then who would have which
 * @param uses what policies grant by role
 */
record RoleOutlook(RoleDirectory now, RoleDirectory then, List<RoleUse> uses) implements RoleForecast {

    @Override
    public Change of(Peer peer, String listener) {
        Set<String> before = now.rolesOf(peer, listener);
        Set<String> after = then.rolesOf(peer, listener);
        return new Change(
                without(after, before),
                without(before, after),
                more(listener, before, after),
                more(listener, after, before));
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> rest = new HashSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    /** What is granted to the latter roles and not to the former. */
    private List<String> more(String listener, Set<String> less, Set<String> more) {
        List<String> granted = new ArrayList<>();
        for (RoleUse use : uses) {
            if (Scopes.covers(use.scope().listeners(), listener)) {
                use.granted().forEach((what, to) -> {
                    if (isAny(to, more) && !isAny(to, less)) {
                        granted.add(use.policy() + ": " + what);
                    }
                });
            }
        }
        return granted;
    }

    private static boolean isAny(Set<String> some, Set<String> others) {
        return some.stream().anyMatch(others::contains);
    }

    /**
     * Says where roles are asked for that a file is about.
     *
     * @param differences in what it differs from what is in force
     * @return whole sentences
     */
    List<String> effects(Differences differences) {
        TreeSet<String> changed = differences.changedKeys();
        if (changed.contains(Scopes.LISTENERS.name())) {
            changed = new TreeSet<>(differences.keys());
        }
        changed.removeIf(key -> !isRole(key));
        List<String> sentences = new ArrayList<>();
        for (String role : changed) {
            for (RoleUse use : uses) {
                List<String> granted = use.granted().entrySet().stream()
                        .filter(entry -> entry.getValue().contains(role))
                        .map(Map.Entry::getKey)
                        .toList();
                if (!granted.isEmpty()) {
                    sentences.add("The policy " + use.policy() + " grants to the role " + role + ": "
                            + String.join("; ", granted) + ".");
                }
            }
        }
        if (!changed.isEmpty() && sentences.isEmpty()) {
            sentences.add("No policy asks for a role that is changed.");
        }
        return sentences;
    }

    /** Whether a key of a configuration of roles is a role. */
    static boolean isRole(String key) {
        return !key.equals(PolicyKind.NAMED.name()) && !key.equals(Scopes.LISTENERS.name()) && !Spelling.isNote(key);
    }
}
