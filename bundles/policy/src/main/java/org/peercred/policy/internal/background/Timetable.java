/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.background;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.peercred.common.reload.Chores;

/**
 * Hands chores over to threads when they fall due. A chore is in one list from its first due time until it was really begun, and
 * on the way nothing is allocated: no lack of memory or threads, and nothing that a chore throws, loses it. Safe to be used by
 * any thread.
 */
final class Timetable implements Runnable {

    private static final long PAUSE_NANOS = Chores.PAUSE.toNanos();
    private static final long REST_NANOS = 100_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** All fields are guarded by the timetable. */
    private final class Entry implements Chores.Chore, Runnable {
        private final Runnable task;
        private Entry next;
        private boolean listed;
        private boolean wanted;
        private boolean running;
        private long due;

        Entry(Runnable task) {
            this.task = task;
        }

        @Override
        public void in(Duration delay) {
            at(this, System.nanoTime() + delay.toNanos());
        }

        @Override
        public void run() {
            if (!begin(this)) {
                return;
            }
            boolean good = false;
            try {
                task.run();
                good = true;
            } catch (Throwable e) {
                Chores.tell(e);
            } finally {
                ended(this, good);
            }
        }
    }

    private final Executor workers;
    private Entry first;
    private boolean stopped;

    Timetable(Executor workers) {
        this.workers = workers;
    }

    Chores.Chore chore(Runnable task) {
        return new Entry(task);
    }

    synchronized void stop() {
        stopped = true;
        first = null;
        notifyAll();
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try {
                handOver(awaitDue());
            } catch (Throwable e) {
                // What was due is still listed. No thread, no memory, or interrupted: it is tried again.
                Chores.tell(e);
                LockSupport.parkNanos(REST_NANOS);
            }
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void at(Entry entry, long due) {
        if (stopped) {
            return;
        }
        entry.wanted = true;
        entry.due = due;
        if (!entry.listed) {
            entry.listed = true;
            entry.next = first;
            first = entry;
        }
        notifyAll();
    }

    /** Waits for a chore to fall due, which stays listed; {@code null} once stopped. */
    private synchronized Entry awaitDue() throws InterruptedException {
        while (!stopped) {
            long now = System.nanoTime();
            long least = Long.MAX_VALUE;
            for (Entry entry = first; entry != null; entry = entry.next) {
                if (entry.wanted && !entry.running) {
                    long left = entry.due - now;
                    if (left <= 0) {
                        // Should the handing over fail, it is its turn again after others had theirs.
                        entry.due = now + PAUSE_NANOS;
                        return entry;
                    }
                    least = Math.min(least, left);
                }
            }
            if (least == Long.MAX_VALUE) {
                wait();
            } else {
                wait(least / NANOS_PER_MILLI + 1);
            }
        }
        return null;
    }

    private void handOver(Entry entry) {
        if (entry != null) {
            workers.execute(entry);
        }
    }

    /** False if another thread is at it, or it was not wanted any more. */
    private synchronized boolean begin(Entry entry) {
        if (stopped || entry.running || !entry.wanted) {
            return false;
        }
        entry.wanted = false;
        entry.running = true;
        return true;
    }

    private synchronized void ended(Entry entry, boolean good) {
        entry.running = false;
        if (!good && !entry.wanted) {
            entry.wanted = true;
            entry.due = System.nanoTime() + PAUSE_NANOS;
        }
        if (!entry.wanted) {
            unlist(entry);
        }
        notifyAll();
    }

    private void unlist(Entry entry) {
        if (first == entry) {
            first = entry.next;
        } else {
            for (Entry before = first; before != null; before = before.next) {
                if (before.next == entry) {
                    before.next = entry.next;
                }
            }
        }
        entry.listed = false;
        entry.next = null;
    }
}
