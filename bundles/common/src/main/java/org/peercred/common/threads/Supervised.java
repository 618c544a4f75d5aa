/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.threads;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a daemon thread of its own that no failure ends: whatever the work throws, errors included, is said in the log, and the
 * work is begun again after a tenth of a second, until it returns or {@link #stop()} is called. All methods may be called by any
 * thread, and none throws.
 */
public final class Supervised {

    private static final Logger LOG = LoggerFactory.getLogger(Supervised.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Runnable body;
    private final BiFunction<Runnable, String, Thread> threads;
    private volatile Thread thread;
    private volatile boolean over;
    private boolean tried;
    private long triedAt;

    /**
     * Prepares work; nothing runs yet.
     *
     * @param name the thread's name
     * @param body the work. It returns when there is nothing more to do; it is begun anew after it threw, and has to cope with what
     *     it left half done
     */
    public Supervised(String name, Runnable body) {
        this(name, body, Threads::daemon);
    }

    /** Prepares work on a thread that is made in a certain way. */
    Supervised(String name, Runnable body, BiFunction<Runnable, String, Thread> threads) {
        this.name = name;
        this.body = body;
        this.threads = threads;
    }

    /**
     * Sees to it that the work runs. Where the system has no thread to give, that is said in the log, and a call a second or more
     * later tries again; so who depends on the work calls this now and then.
     *
     * @return false if it does not run: no thread can be had now, it has returned, or it was stopped
     */
    public boolean start() {
        return thread != null || (!over && launch());
    }

    /** Has the work go on if it is parked, see {@link LockSupport#park()}. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** From now on, work that throws is not begun again. The work itself has to be told to return. */
    public void stop() {
        over = true;
        wake();
    }

    /**
     * Waits for the work to return.
     *
     * @param millis how long at most; 0 for ever
     * @return whether it does not run any more. If the calling thread is interrupted, it stays so, and this returns early
     */
    public boolean join(long millis) {
        Thread current = thread;
        if (current != null) {
            try {
                current.join(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return current == null || !current.isAlive();
    }

    private synchronized boolean launch() {
        if (thread != null) {
            return true;
        }
        long now = System.nanoTime();
        if (tried && now - triedAt < RETRY_NANOS) {
            return false;
        }
        tried = true;
        triedAt = now;
        try {
            Thread created = threads.apply(this::run, name);
            thread = created;
            created.start();
            return true;
        } catch (Throwable e) {
            // OutOfMemoryError, as a rule: the process may have no more threads.
            thread = null;
            tell("could not be started, which will be tried again", e);
            return false;
        }
    }

    private void run() {
        Throwable failure = null;
        try {
            do {
                try {
                    if (failure != null) {
                        tell("failed and goes on", failure);
                        pause();
                        if (over) {
                            return;
                        }
                        failure = null;
                    }
                    body.run();
                    over = true;
                } catch (Throwable e) {
                    // Nothing is done about it here, where memory may be what is missing.
                    failure = e;
                }
            } while (!over);
        } finally {
            thread = null;
        }
    }

    private void pause() {
        long end = System.nanoTime() + PAUSE_NANOS;
        for (long left = PAUSE_NANOS; left > 0 && !over; left = end - System.nanoTime()) {
            // With an interrupt left over from the work this would be no pause, and the work might fail again of it.
            Thread.interrupted();
            LockSupport.parkNanos(this, left);
        }
    }

    private void tell(String what, Throwable failure) {
        try {
            LOG.error("The thread {} {}: {}", name, what, ForeignText.replace(failure.toString()));
            LOG.debug("The failure", failure);
        } catch (Throwable e) {
            // Then the log itself is what is broken, and there is nobody left to tell.
        }
    }
}
