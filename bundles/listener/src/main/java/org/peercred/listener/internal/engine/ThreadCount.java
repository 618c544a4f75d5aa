/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.peercred.service.ThreadLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the threads that work for clients. That there are as many as allowed is said at most once a minute. */
public final class ThreadCount implements ThreadLimit {

    /** What is allowed where nothing else is configured. */
    public static final int DEFAULT = 512;

    private static final Logger LOG = LoggerFactory.getLogger(ThreadCount.class);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicInteger used = new AtomicInteger();
    private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARNING_NANOS);
    private volatile int most = DEFAULT;

    /**
     * Sets how many there may be. Those that there are go on.
     *
     * @param count 1 or greater
     */
    public void limit(int count) {
        most = count;
    }

    /**
     * How many there may be.
     *
     * @return 1 or greater
     */
    public int most() {
        return most;
    }

    /**
     * How many there are.
     *
     * @return 0 or greater
     */
    public int used() {
        return used.get();
    }

    @Override
    public Optional<Permit> take() {
        int limit = most;
        Optional<Permit> permit = Optional.of(new Counted(used));
        for (int count = used.get(); count < limit; count = used.get()) {
            if (used.compareAndSet(count, count + 1)) {
                return permit;
            }
        }
        warn(limit);
        return Optional.empty();
    }

    private void warn(int limit) {
        long now = System.nanoTime();
        long before = warnedAt.get();
        if (now - before >= WARNING_NANOS && warnedAt.compareAndSet(before, now)) {
            LOG.warn("All {} threads for clients are taken (max.threads): who needs one more is turned away.", limit);
        }
    }

    private static final class Counted implements Permit {

        private final AtomicInteger used;
        private final AtomicBoolean back = new AtomicBoolean();

        Counted(AtomicInteger used) {
            this.used = used;
        }

        @Override
        public void giveBack() {
            if (back.compareAndSet(false, true)) {
                used.decrementAndGet();
            }
        }
    }
}
