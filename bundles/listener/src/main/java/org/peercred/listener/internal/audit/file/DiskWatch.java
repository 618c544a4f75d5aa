/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells how long the disk has not answered. One thread asks the disk; any may look. */
final class DiskWatch {

    /** A disk that answers later than this hangs. */
    static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long IDLE = Long.MIN_VALUE;

    private final LongSupplier clock;
    private volatile long busySince = IDLE;

    DiskWatch(LongSupplier clock) {
        this.clock = clock;
    }

    /** The disk is asked something now. */
    void begin(long now) {
        busySince = now;
    }

    /** It has answered; that it took long is said. */
    void end(FileSettings settings) {
        long nanos = clock.getAsLong() - busySince;
        busySince = IDLE;
        if (nanos > HANGING_NANOS) {
            Outage.tell(
                    "The disk of the audit's file {} did not answer for {} ms.",
                    settings.path(),
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        }
    }

    boolean isBusy() {
        return busySince != IDLE;
    }

    boolean hangs() {
        long since = busySince;
        return since != IDLE && clock.getAsLong() - since > HANGING_NANOS;
    }
}
