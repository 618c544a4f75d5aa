/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

/** What one user has waiting to be written, and has had written in this minute. Guarded by the {@link Intake}. */
final class Account {

    final long uid;

    /** The weight of the events that wait. */
    long waiting;

    /** Whether what waits is the user's share or more, and has not been half of it since. */
    boolean greedy;

    /** In the same place of a table. */
    Account next;

    /** What was written in each quarter of a minute: in this one, and in the four before, so that a whole minute is in them. */
    private final long[] quarters = new long[5];

    private long quarter;
    private long written;

    Account(long uid, long now) {
        this.uid = uid;
        quarter = quarterOf(now);
    }

    /** Adds the size of lines; negative where less was written than was thought. */
    void add(long bytes) {
        quarters[indexOf(quarter)] += bytes;
        written += bytes;
    }

    /** The size of the lines of the last minute, and of up to a quarter of one before. */
    long written(long now) {
        long current = quarterOf(now);
        for (long passed = Math.min(current - quarter, quarters.length); passed > 0; passed--) {
            int oldest = indexOf(current - passed + 1);
            written -= quarters[oldest];
            quarters[oldest] = 0;
        }
        quarter = Math.max(quarter, current);
        return written;
    }

    /** Whether there is nothing to remember. */
    boolean isIdle(long now) {
        return waiting == 0 && written(now) <= 0;
    }

    private static long quarterOf(long now) {
        return Math.floorDiv(now, Accounts.MINUTE_NANOS / 4);
    }

    private int indexOf(long which) {
        return Math.floorMod(which, quarters.length);
    }
}
