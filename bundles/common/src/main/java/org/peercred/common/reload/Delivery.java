/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Configurations as they are delivered. Whatever fails on the way, for want of memory or of a thread most likely, the newest is
 * not forgotten: it is tried again. Safe to be used by any thread; calls nobody with its lock held.
 */
final class Delivery {

    private final Consumer<Map<String, ?>> taker;
    private final Runnable finisher;
    private final Chores.Chore chore;
    private Map<String, ?> newest = Map.of();
    private boolean taken = true;

    /**
     * Starts with nothing delivered.
     *
     * @param chores does it again
     * @param taker takes a configuration in, and says so by {@link #take}
     * @param finisher does what is left to be done of one that was taken in; called when that is due or something failed
     */
    Delivery(Chores chores, Consumer<Map<String, ?>> taker, Runnable finisher) {
        this.taker = taker;
        this.finisher = finisher;
        this.chore = chores.chore(this::again);
    }

    /** Delivers one. Never throws. */
    void deliver(Map<String, ?> properties) {
        synchronized (this) {
            newest = properties;
            taken = false;
        }
        attempt(() -> taker.accept(properties));
    }

    /** Says that a configuration has been taken in; false if there is a newer one, which counts instead. */
    synchronized boolean take(Map<String, ?> properties) {
        if (properties != newest) {
            return false;
        }
        taken = true;
        return true;
    }

    /** Does a step; should it fail, all that is left is done later. Never throws. */
    void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            chore.in(Chores.PAUSE);
            Chores.tell(e);
        }
    }

    /** Has the rest done later. */
    void finishIn(Duration delay) {
        chore.in(delay);
    }

    private void again() {
        Map<String, ?> left;
        synchronized (this) {
            left = taken ? null : newest;
        }
        if (left == null) {
            finisher.run();
        } else {
            taker.accept(left);
        }
    }
}
