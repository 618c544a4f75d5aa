/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.peercred.access.PolicyListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of new generations. Of several threads one tells for all, so that generations arrive in order and none waits
 * for another. Safe to be used by any thread, none of which may hold a lock that a listener could want.
 */
final class Announcements {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    /** A listener and the newest generation it was told; only the thread that tells reads or writes that. */
    private static final class Audience {
        private final PolicyListener listener;
        private long told = -1;

        Audience(PolicyListener listener) {
            this.listener = listener;
        }
    }

    private final Supplier<View> newest;
    private final List<Audience> audiences = new CopyOnWriteArrayList<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private Set<String> namesakes = Set.of();

    /**
     * Starts with no listener.
     *
     * @param newest gives the view that decisions are made in now
     */
    Announcements(Supplier<View> newest) {
        this.newest = newest;
    }

    /** Takes a listener in and tells it where things stand: it may have decided before it was known here. */
    void add(PolicyListener listener) {
        audiences.add(new Audience(listener));
        announce();
    }

    void remove(PolicyListener listener) {
        audiences.removeIf(audience -> audience.listener == listener);
    }

    /** Tells everyone the newest generation, or leaves it to the thread that is at it: that will do one more round. */
    void announce() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int rounds = 1;
        do {
            View view = newest.get();
            warnOfNamesakes(view);
            audiences.forEach(audience -> tell(audience, view.generation()));
            rounds = wanted.addAndGet(-rounds);
        } while (rounds != 0);
    }

    private static void tell(Audience audience, long generation) {
        if (audience.told >= generation) {
            return;
        }
        audience.told = generation;
        try {
            audience.listener.policiesChanged(generation);
        } catch (Throwable e) {
            // The others must hear of it, whatever this one throws.
            LOG.warn("A policy listener failed ({}).", e.getClass().getName());
            LOG.debug("A policy listener failed.", e);
        }
    }

    private void warnOfNamesakes(View view) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = view.members().stream()
                .map(member -> member.report().id())
                .filter(id -> !seen.add(id))
                .collect(Collectors.toCollection(TreeSet::new));
        twice.stream()
                .filter(id -> !namesakes.contains(id))
                .forEach(id -> LOG.warn("Several policies have the id {}: each takes part in decisions.", id));
        namesakes = twice;
    }
}
