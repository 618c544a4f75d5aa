/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;

/**
 * All policies of one generation. What covers a listener and action is worked out once and kept: for the names that some
 * scope mentions, and once for all others together, so that what is kept is bounded by the configuration and not by the
 * commands that clients make up. Safe to be used by any thread; a decision takes no lock.
 */
final class Generation {

    /** Combinations that are kept; more are worked out each time they are asked for. */
    private static final int MOST_KEPT = 4096;

    /** Stands for every name that no scope mentions; no scope can tell one of these from another. */
    private static final String OTHER = "\0other";

    private final long number;
    private final List<Voter> voters;
    private final Set<String> listeners = new HashSet<>();
    private final Set<String> actions = new HashSet<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Applicable>> known = new ConcurrentHashMap<>();

    Generation(long number, List<Voter> voters) {
        this.number = number;
        this.voters = voters.stream()
                .sorted(Comparator.comparing(m -> m.report().id()))
                .toList();
        actions.add(AccessRequest.CONNECT);
        for (Voter voter : voters) {
            PolicyScope scope = voter.report().scope();
            listeners.addAll(scope.listeners());
            actions.addAll(scope.actions());
        }
    }

    long number() {
        return number;
    }

    List<Voter> voters() {
        return voters;
    }

    Applicable applicable(String listener, String action) {
        String row = listeners.contains(listener) ? listener : OTHER;
        String column = actions.contains(action) ? action : rest(action);
        ConcurrentHashMap<String, Applicable> columns = known.get(row);
        if (columns == null) {
            columns = known.computeIfAbsent(row, r -> new ConcurrentHashMap<>());
        }
        Applicable applicable = columns.get(column);
        if (applicable == null) {
            applicable = new Applicable(number, voters, listener, action);
            if (kept.get() < MOST_KEPT && columns.put(column, applicable) == null) {
                kept.incrementAndGet();
            }
        }
        return applicable;
    }

    /** Stands for the actions of that sort that no scope mentions. */
    private static String rest(String action) {
        return action.startsWith(AccessRequest.HTTP) ? AccessRequest.EVERY_HTTP : OTHER;
    }

    /** How many combinations are kept. */
    int size() {
        return known.values().stream().mapToInt(ConcurrentHashMap::size).sum();
    }
}
