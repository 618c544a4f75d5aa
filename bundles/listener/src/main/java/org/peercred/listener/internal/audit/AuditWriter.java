/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.peercred.access.AuditEvent;

/**
 * Writes what waits in the intake, on the thread that runs it. It may be run again after it failed anywhere: what was in its hands
 * then counts as lost, and nothing else is.
 */
final class AuditWriter implements Runnable {

    private static final long FOLDING_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LOSSES_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Intake intake;
    private final Losses losses;
    private final UserNames names;
    private final AuditOutput output;
    private final LongSupplier clock;
    private final Item.Teller teller = this::write;
    private volatile Item inHand;
    private long lossesTriedAt;
    private volatile boolean up = true;
    private volatile boolean asleep;
    private volatile boolean stopped;
    private volatile long progressAt;

    /** What it works with; the clock counts nanoseconds. */
    AuditWriter(Intake intake, Losses losses, UserNames names, AuditOutput output, LongSupplier clock) {
        this.intake = intake;
        this.losses = losses;
        this.names = names;
        this.output = output;
        this.clock = clock;
        progressAt = clock.getAsLong();
        lossesTriedAt = progressAt - LOSSES_NANOS;
    }

    @Override
    public void run() {
        try {
            up = true;
            boolean busy = false;
            while (!stopped) {
                boolean wrote = step(false);
                if (!wrote) {
                    output.flush();
                    rest(busy);
                }
                busy = wrote;
            }
            while (step(true)) {
                // One more line.
            }
            output.close();
        } finally {
            up = false;
        }
    }

    /** Tells it to write what is there and return. Its thread has to be woken. */
    void stop() {
        stopped = true;
    }

    /** Whether its thread has to be woken for what has just been taken in. */
    boolean isAsleep() {
        return asleep;
    }

    /** Whether it writes, but for short breaks. */
    boolean isUp() {
        return up;
    }

    /** How many events have been taken in and not been written. */
    long unwritten() {
        Item item = inHand;
        return intake.untold() + losses.untold() + (item == null ? 0 : item.untold()) + output.left();
    }

    /** How long it has written nothing. */
    long idleNanos() {
        return clock.getAsLong() - progressAt;
    }

    /** Writes a line, if there is one. */
    private boolean step(boolean all) {
        long now = clock.getAsLong();
        progressAt = now;
        Item item = inHand;
        if (item == null || item.untold() == 0) {
            if (!intake.hasBatch()) {
                intake.due(now, all);
            }
            item = intake.next();
            inHand = item;
        }
        if (item == null) {
            return tellLosses(now, all);
        }
        long untold = item.untold();
        try {
            item.tell(teller);
            tellLosses(now, all);
        } catch (Throwable e) {
            losses.add(untold - item.untold(), e);
        }
        return true;
    }

    /** Says how many events could not be written, once something can be; at the end without having waited for that. */
    private boolean tellLosses(long now, boolean all) {
        long count = losses.untold();
        if (count == 0 || (!all && now - lossesTriedAt < LOSSES_NANOS)) {
            return false;
        }
        lossesTriedAt = now;
        try {
            if (!output.isReady()) {
                return false;
            }
            output.writeLost(losses.event(), count);
            losses.told(count);
            return true;
        } catch (Throwable e) {
            // They stay counted, and what cannot be said now is not a further loss.
            return false;
        }
    }

    private int write(AuditEvent event, long count, boolean others) {
        return output.write(event, names.of(event.uid()), count, others);
    }

    /** Naps for as long as more is likely to come, so that a busy loop never has to wake this thread; else sleeps. */
    private void rest(boolean busy) {
        // A follower may have left this behind, and no nap would be one.
        Thread.interrupted();
        if (losses.untold() > 0 || intake.isFolding() || output.isPending()) {
            LockSupport.parkNanos(this, FOLDING_NAP_NANOS);
        } else if (busy) {
            LockSupport.parkNanos(this, NAP_NANOS);
        } else {
            asleep = true;
            try {
                if (intake.isIdle() && losses.untold() == 0 && !output.isPending() && !stopped) {
                    LockSupport.park(this);
                }
            } finally {
                asleep = false;
            }
        }
    }
}
