/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration of roles as it stands.
 *
 * @param name its name
 * @param file where it is written, for a person to find it
 * @param listeners names of the listeners on which its roles count, or {@code *} for all; none if it is rejected, unless it
 *     only waits for a name service to answer
 * @param members for each role that it gives now, by name, who has it, as it is written; none if it is rejected, likewise
 * @param status which configuration is in force
 */
public record RolesReport(
        String name, String file, Set<String> listeners, Map<String, List<String>> members, PolicyStatus status) {

    /** Checks that nothing is null, and takes copies. */
    public RolesReport {
        Objects.requireNonNull(name);
        Objects.requireNonNull(file);
        listeners = Set.copyOf(listeners);
        Map<String, List<String>> copy = new TreeMap<>();
        members.forEach((role, who) -> copy.put(role, List.copyOf(who)));
        members = Collections.unmodifiableMap(copy);
        Objects.requireNonNull(status);
    }

    /**
     * The roles that it gives now.
     *
     * @return names, in order; unmodifiable
     */
    public Set<String> roles() {
        return members.keySet();
    }
}
