/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;

/**
 * All policies of one generation. What covers a listener and action is worked out once and kept: for the names that some
 * scope mentions, and once for all others together, so that what is kept is bounded by the configuration and not by the
 * commands that clients make up. Safe to be used by any thread; a decision takes no lock.
 */
final class View {

    /** Stands for every name that no scope mentions; no scope can tell one of these from another. */
    private static final String OTHER = "\0other";

    private final long generation;
    private final List<Member> members;
    private final Set<String> listeners = new HashSet<>();
    private final Set<String> actions = new HashSet<>();
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Covering>> known = new ConcurrentHashMap<>();

    View(long generation, List<Member> members) {
        this.generation = generation;
        this.members = members.stream()
                .sorted(Comparator.comparing(m -> m.report().id()))
                .toList();
        actions.add(AccessRequest.CONNECT);
        for (Member member : members) {
            PolicyScope scope = member.report().scope();
            listeners.addAll(scope.listeners());
            actions.addAll(scope.actions());
        }
    }

    long generation() {
        return generation;
    }

    List<Member> members() {
        return members;
    }

    Covering covering(String listener, String action) {
        String row = listeners.contains(listener) ? listener : OTHER;
        String column = actions.contains(action) ? action : OTHER;
        ConcurrentHashMap<String, Covering> columns = known.get(row);
        if (columns == null) {
            columns = known.computeIfAbsent(row, r -> new ConcurrentHashMap<>());
        }
        Covering covering = columns.get(column);
        if (covering == null) {
            covering = new Covering(generation, members, listener, action);
            columns.put(column, covering);
        }
        return covering;
    }

    /** How many combinations are kept. */
    int size() {
        return known.values().stream().mapToInt(ConcurrentHashMap::size).sum();
    }
}
