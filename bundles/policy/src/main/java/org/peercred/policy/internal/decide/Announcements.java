/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.peercred.access.PolicyListener;
import org.peercred.common.text.Failure;
import org.peercred.common.text.ForeignText;
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

    private final Supplier<Generation> newest;
    private final List<Audience> audiences = new CopyOnWriteArrayList<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private Set<String> namesakes = Set.of();

    /**
     * Starts with no listener.
     *
     * @param newest gives the generation that decisions are made in now
     */
    Announcements(Supplier<Generation> newest) {
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

    /**
     * Tells everyone the newest generation, or leaves it to the thread that is at it: that will do one more round. Where memory
     * runs out, who was not told is told the next time, and that is thrown in the end.
     */
    void announce() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int rounds = 1;
        Throwable failure = null;
        do {
            try {
                tellAll();
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            rounds = wanted.addAndGet(-rounds);
        } while (rounds != 0);
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void tellAll() {
        Generation now = newest.get();
        VirtualMachineError failure = null;
        for (Audience audience : audiences) {
            try {
                tell(audience, now.number());
            } catch (VirtualMachineError e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        warnOfNamesakes(now);
    }

    private static void tell(Audience audience, long generation) {
        if (audience.told >= generation) {
            return;
        }
        try {
            audience.listener.policiesChanged(generation);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            // The others must hear of it, whatever this one throws.
            LOG.warn("A policy listener failed: {}", Failure.of(audience.listener, e));
            LOG.debug("A policy listener failed.", e);
        }
        audience.told = generation;
    }

    private void warnOfNamesakes(Generation now) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = now.voters().stream()
                .map(voter -> voter.report().id())
                .filter(id -> !seen.add(id))
                .collect(Collectors.toCollection(TreeSet::new));
        twice.stream()
                .filter(id -> !namesakes.contains(id))
                .forEach(id -> LOG.warn(
                        "Several policies have the id {}: each takes part in decisions.", ForeignText.escape(id)));
        namesakes = twice;
    }
}
