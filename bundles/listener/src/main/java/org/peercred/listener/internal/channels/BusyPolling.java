/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether a read that finds nothing looks again for a moment before it says so. That pays where the client was seen to send on at once,
 * several times in a row: to go by way of the loop, which is woken and wakes a thread, takes longer than such a client. After one look in
 * vain it has to be seen anew, so a client costs at most one moment in so many answers.
 *
 * <p>Times are those of {@link System#nanoTime}. The loop notes what came, the thread that reads does the rest; what they write at the same
 * time costs a moment or saves none, and loses nothing.
 */
class BusyPolling {

    /** How long to look: about what putting a thread to sleep and waking it up costs. */
    static final long NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** How often in a row the client has to have sent on at once. */
    static final int STREAK = 16;

    private volatile int streak;
    private volatile boolean waiting;
    private volatile long since;

    boolean pays() {
        return streak >= STREAK;
    }

    /** A read found nothing: from now on, the client is waited for by way of the loop. */
    void waits(long now) {
        since = now;
        waiting = true;
    }

    /** The loop was told of input. */
    void came(long now) {
        if (waiting) {
            waiting = false;
            streak = now - since < NANOS ? Math.min(streak + 1, STREAK) : 0;
        }
    }

    /** It was looked in vain. */
    void lost() {
        streak = 0;
    }
}
