/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets few terminals start at a time. Karaf's shell takes some megabytes of heap until it prompts and half a megabyte from then on, so
 * that as many as there is room for must not all start at once. Safe to be used by any thread.
 */
public final class Starts {

    /** How many start at a time. */
    static final int MOST = 4;

    /** How long one counts at most: a client that does not read can put off its prompt for ever, and not the others'. */
    private static final long MOST_MILLIS = 5000;

    /** How many of one user start at a time: who opens many leaves room for others. */
    static final int MOST_OF_ONE = 2;

    private final Semaphore room = new Semaphore(MOST, true);
    private final ConcurrentHashMap<Long, Share> shares = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock;

    /** One user's; forgotten with the last that starts or waits. */
    private static final class Share {
        private final Semaphore room = new Semaphore(MOST_OF_ONE, true);
        private int holders;

        private Share enter() {
            holders++;
            return this;
        }

        private Share leave() {
            return --holders == 0 ? null : this;
        }
    }

    /** One that starts. */
    public interface Start {

        /** It has started. Again, does nothing. */
        void ended();
    }

    /** Lets as many start as may. */
    public Starts(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    /**
     * Waits for its turn.
     *
     * @param uid whose terminal it is
     * @return to be ended with the first prompt, or the terminal
     * @throws InterruptedException if it is not to start any more
     */
    public Start begin(long uid) throws InterruptedException {
        Share share = shares.compute(uid, (key, known) -> (known == null ? new Share() : known).enter());
        try {
            share.room.acquire();
            try {
                room.acquire();
                return begun(uid, share);
            } catch (Throwable e) {
                share.room.release();
                throw e;
            }
        } catch (Throwable e) {
            leave(uid);
            throw e;
        }
    }

    private Start begun(long uid, Share share) {
        AtomicBoolean starts = new AtomicBoolean(true);
        Runnable end = () -> {
            if (starts.getAndSet(false)) {
                room.release();
                share.room.release();
                leave(uid);
            }
        };
        try {
            Future<?> late = clock.schedule(end, MOST_MILLIS, TimeUnit.MILLISECONDS);
            return () -> {
                late.cancel(false);
                end.run();
            };
        } catch (Throwable e) {
            room.release();
            throw e;
        }
    }

    private void leave(long uid) {
        shares.computeIfPresent(uid, (key, share) -> share.leave());
    }

    /** How many users are known. */
    int users() {
        return shares.size();
    }
}
