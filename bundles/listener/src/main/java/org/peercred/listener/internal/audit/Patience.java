/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.concurrent.TimeUnit;

/**
 * How long the log's writer waits for names: a moment for each, a twentieth of its time for all, and not at all while the name
 * service is slow. Not thread-safe.
 */
final class Patience {

    /** The longest for one name. */
    static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PART = 20;

    private final long most;
    private final long slowNanos;
    private long credit;
    private long creditAt;
    private boolean slow;
    private boolean fresh = true;

    Patience(long now) {
        this(now, MOST_NANOS, SLOW_NANOS);
    }

    /** With other limits: the longest for one name, and how long an answer takes of a service that is slow, in nanoseconds. */
    Patience(long now, long most, long slowNanos) {
        this.most = most;
        this.slowNanos = slowNanos;
        credit = most;
        creditAt = now;
    }

    /** There is another name service, whose first answer says nothing about the next ones. */
    void renew() {
        slow = false;
        fresh = true;
    }

    /** How long one may wait now. */
    long nanos(long now) {
        credit = Math.min(most, credit + (now - creditAt) / PART);
        creditAt = now;
        return slow ? 0 : credit;
    }

    /** Somebody has waited. */
    void waited(long nanos, boolean answered) {
        credit = Math.max(0, credit - nanos);
        slow |= !answered;
    }

    /** A name was looked up, whether somebody waited for it or not. */
    void answered(long nanos) {
        if (!fresh) {
            slow = nanos > slowNanos;
        }
        fresh = false;
    }
}
