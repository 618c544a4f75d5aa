/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether polling for a moment before sleeping pays. It does when one client waits for each answer and asks again at
 * once: then waking up costs more than the work. It does not when several clients take turns, for then there is nearly always
 * something to do, nor when clients take their time. An idle loop never polls. Used by one thread.
 */
final class Spin {

    /** How long to poll: about what putting a thread to sleep and waking it up costs. */
    static final long NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final int STREAK = 16;
    private static final int CONFIDENCE = 8;

    private long latestSource;
    private int streak;
    private int confidence;

    boolean pays() {
        return streak >= STREAK && confidence > 0;
    }

    /** Notes how many sources were ready at once, and which, if it was one alone; how many they were. */
    int noted(int count, Epoll epoll) {
        long source = count == 1 ? epoll.data(0) : 0;
        streak = count == 1 && source == latestSource ? Math.min(streak + 1, STREAK) : 0;
        latestSource = count == 1 ? source : latestSource;
        return count;
    }

    /** Polling has found something. */
    void won() {
        confidence = CONFIDENCE;
    }

    /** Polling has found nothing. */
    void lost() {
        confidence--;
    }

    /** The loop slept so long before something happened. */
    void slept(long nanos) {
        confidence = nanos < NANOS ? Math.min(confidence + 1, CONFIDENCE) : Math.max(confidence - 2, 0);
    }
}
