/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.peercred.common.reload.Chores;
import org.peercred.policy.internal.background.Background;

/** Closes rules some time after others took their place, since a decision begun before may still ask them. Thread-safe. */
final class Retirement {

    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Rules, and what took their place: what they share stays open. */
    private record Retired(Rules rules, Rules successor) {
        void close() {
            rules.close(Optional.of(successor));
        }
    }

    private final Chores.Chore closing;
    private final Deque<Retired> fresh = new ArrayDeque<>();
    private final Deque<Retired> due = new ArrayDeque<>();

    Retirement(Background background) {
        closing = background.chore(this::closeDue);
    }

    /**
     * Sees to it that rules are closed, after one to two times the grace.
     *
     * @param rules the rules
     * @param successor what took their place; what it shares with them stays open
     */
    void add(Rules rules, Rules successor) {
        if (!rules.holds()) {
            return;
        }
        synchronized (this) {
            if (fresh.isEmpty() && due.isEmpty()) {
                closing.in(GRACE);
            }
            fresh.add(new Retired(rules, successor));
        }
    }

    private void closeDue() {
        for (Retired next = next(); next != null; next = next()) {
            next.close();
        }
        synchronized (this) {
            if (!fresh.isEmpty()) {
                due.addAll(fresh);
                fresh.clear();
                closing.in(GRACE);
            }
        }
    }

    private synchronized Retired next() {
        return due.poll();
    }

    /** Closes all that is left now. */
    void finish() {
        synchronized (this) {
            due.addAll(fresh);
            fresh.clear();
        }
        for (Retired next = next(); next != null; next = next()) {
            next.close();
        }
    }
}
