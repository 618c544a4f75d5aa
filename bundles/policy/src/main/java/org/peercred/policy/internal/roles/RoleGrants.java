/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.peercred.policy.internal.config.Scopes;

/**
 * What a configuration of roles gives. Immutable.
 *
 * @param listeners where: names of listeners, or {@code *} for all
 * @param members who has which role
 * @param texts the same as it is written, to be shown
 */
record RoleGrants(Set<String> listeners, Map<String, RoleMembers> members, Map<String, List<String>> texts) {

    /** Nothing to anybody. */
    static final RoleGrants NONE = new RoleGrants(Set.of(), Map.of(), Map.of());

    /** What these and the others both give: to whom, and where. */
    RoleGrants and(RoleGrants others) {
        Map<String, RoleMembers> both = new HashMap<>();
        Map<String, List<String>> written = new HashMap<>();
        members.forEach((role, who) -> {
            RoleMembers theirs = others.members.get(role);
            if (theirs != null) {
                both.put(role, who.within(theirs));
                written.put(role, common(texts.get(role), others.texts.get(role)));
            }
        });
        return new RoleGrants(Scopes.common(listeners, others.listeners), Map.copyOf(both), Map.copyOf(written));
    }

    private static List<String> common(List<String> some, List<String> others) {
        return some.stream().filter(others::contains).toList();
    }

    /** All of it as an operator writes it: a key for each role, and the listeners. */
    Map<String, List<String>> written() {
        Map<String, List<String>> written = new TreeMap<>(texts);
        written.put(Scopes.LISTENERS.name(), listeners.stream().sorted().toList());
        return written;
    }
}
