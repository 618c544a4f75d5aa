/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whose turn it is to pay while too many bytes are kept. There is one relief at a time, for all loops together: each debtor is
 * chosen when the one before has paid, and ended by its own loop. Two loops that chose for themselves would each have one of theirs
 * pay for the same bytes. Guarded by the budget; allocates nothing, since there may be no memory.
 */
final class Relief {

    /** How long a loop may take to end a debtor, before others look for one of theirs. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Budget budget;
    private final LongSupplier clock;
    /** The user who has to pay now, until no more is kept than may be left; {@code null} if nobody has to. */
    private Account paying;

    private long leastLeft;
    /** Who was told to pay last, and since when. */
    private Holding asked;

    private long askedAt;

    /** With the time in nanoseconds, as by {@link System#nanoTime()}. */
    Relief(Budget budget, LongSupplier clock) {
        this.budget = budget;
        this.clock = clock;
    }

    /** Has the user who has to pay chosen anew: the limits have changed. */
    void restart() {
        paying = null;
    }

    /** Nothing is kept for one any more. */
    void forget(Holding holding) {
        if (asked == holding) {
            asked = null;
        }
    }

    /** What has to be ended next, as {@link Budget#debtor} says. */
    Holding debtor(Worker looking) {
        if (paying == null || paying.bytes() <= leastLeft) {
            paying = budget.greatest();
            leastLeft = paying == null ? 0 : budget.least(paying);
        }
        if (paying == null) {
            return null;
        }
        Holding greatest = paying.greatest(null);
        if (greatest == null || greatest.worker == looking) {
            return greatest;
        }
        long now = clock.getAsLong();
        if (greatest != asked) {
            asked = greatest;
            askedAt = now;
        } else if (now - askedAt > PATIENCE_NANOS) {
            // A service blocks that loop. Bytes are bounded all the same.
            Holding own = paying.greatest(looking);
            return own == null ? greatest : own;
        }
        return greatest;
    }
}
