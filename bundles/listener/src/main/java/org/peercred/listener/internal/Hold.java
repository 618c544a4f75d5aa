/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.function.BooleanSupplier;

/**
 * Whether clients are left in the kernel's queue: while the listener lacks a part without which it would turn them away, but not for ever.
 * May be used by any thread.
 */
final class Hold {

    /** How long they wait: longer than any start should take, shorter than systemd waits for one. */
    static final long PATIENCE_MILLIS = 30_000;

    /** Runs something later. */
    @FunctionalInterface
    interface Later {
        void run(Runnable task, long delayMillis);
    }

    private final Later later;
    private final Runnable changed;
    private boolean lacking;
    private boolean on;
    private long latest;

    /**
     * Begins with nothing lacking.
     *
     * @param later has it look again
     * @param changed run when it has changed by itself
     */
    Hold(Later later, Runnable changed) {
        this.later = later;
        this.changed = changed;
    }

    /**
     * Looks whether a part is lacking.
     *
     * @param answer tells it; asked with the lock held, so that an older answer never comes after a newer one
     */
    synchronized void look(BooleanSupplier answer) {
        boolean now = answer.getAsBoolean();
        if (now == lacking) {
            return;
        }
        lacking = now;
        on = now;
        latest++;
        if (now) {
            long mine = latest;
            later.run(() -> giveUp(mine), PATIENCE_MILLIS);
        }
    }

    synchronized boolean isOn() {
        return on;
    }

    private void giveUp(long mine) {
        synchronized (this) {
            if (mine != latest) {
                return;
            }
            on = false;
        }
        changed.run();
    }
}
