/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Closes rules some time after others took their place, since a decision begun before may still ask them. Thread-safe. */
final class Retirement {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Background background;
    private final Set<Runnable> pending = new HashSet<>();

    Retirement(Background background) {
        this.background = background;
    }

    /**
     * Sees to it that rules are closed.
     *
     * @param rules the rules
     * @param successor what took their place; what it shares with them stays open
     */
    void add(Rules rules, Rules successor) {
        if (!rules.holds()) {
            return;
        }
        Runnable end = () -> rules.close(Optional.of(successor));
        synchronized (pending) {
            pending.add(end);
        }
        background.after(GRACE, () -> {
            synchronized (pending) {
                if (!pending.remove(end)) {
                    return;
                }
            }
            end.run();
        });
    }

    /** Closes all that is left now. */
    void finish() {
        List<Runnable> rest;
        synchronized (pending) {
            rest = List.copyOf(pending);
            pending.clear();
        }
        rest.forEach(Runnable::run);
    }
}
