/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.peercred.common.threads.Threads;
import org.peercred.service.ThreadLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for commands. Each running command has one to itself. There are limits, in all and for one user, so that nobody's
 * slow commands use up the threads of others; a command that finds no thread waits its turn behind those of the same user, and
 * is refused when it has waited too long. Users who wait are served in turn. Running out of memory or of threads costs the
 * command that was to be run, and no other. Safe to be used by any thread; never blocks but in {@link #stop}.
 */
final class CommandThreads {

    private static final Logger LOG = LoggerFactory.getLogger(CommandThreads.class);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    /**
     * How far to go.
     *
     * @param total commands that run at a time
     * @param perUser those of one user among them
     * @param patience how long one waits for a thread
     * @param grace how long {@link CommandThreads#stop} waits before it interrupts
     */
    record Limits(int total, int perUser, Duration patience, Duration grace) {

        /** What is documented. */
        static final Limits USUAL = new Limits(256, 32, Duration.ofSeconds(5), Duration.ofSeconds(2));
    }

    /** A command to be run. */
    interface Task {

        /**
         * Runs it. Must not throw.
         *
         * @param waited whether it had to wait, so that what was decided before may not hold any more
         */
        void run(boolean waited);

        /**
         * It will not be run. Must not block or throw.
         *
         * @param reason for the client
         */
        void refuse(String reason);
    }

    /** A command that may have to wait. */
    @FunctionalInterface
    interface Waiting {

        /** One that does not wait. */
        Waiting NONE = reason -> {};

        /**
         * Takes it back, if it waits still: it is refused, and nothing is held for it any more.
         *
         * @param reason why
         */
        void withdraw(String reason);
    }

    private final class Job extends Lanes.Place<Job> implements Runnable, Waiting {
        private volatile Task task;
        private volatile Future<?> expiry;
        private volatile Runnable giveBack = () -> {};

        Job(Task task) {
            this.task = task;
        }

        /** Gives the task away, so that who remembers this job does not keep what a client sent. */
        Task take() {
            Task taken = task;
            task = null;
            cancelExpiry();
            return taken;
        }

        void expireWith(Future<?> future) {
            expiry = future;
            if (task == null) {
                cancelExpiry();
            }
        }

        private void cancelExpiry() {
            Future<?> future = expiry;
            if (future != null) {
                future.cancel(false);
            }
        }

        @Override
        public void withdraw(String reason) {
            if (lanes.leave(this)) {
                refuse(take(), reason);
            }
        }

        @Override
        public void run() {
            try {
                for (Job job = lanes.begin(this) ? this : null; job != null; job = lanes.next(job)) {
                    runOne(job);
                }
            } finally {
                giveBack.run();
            }
        }
    }

    private final Limits limits;
    private final Lanes<Job> lanes;
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor clock;
    /** {@code null} while there is none. */
    private volatile ThreadLimit shared;

    CommandThreads(Limits limits) {
        this(limits, workers(), task -> Threads.daemon(task, "peercred-command-clock"));
    }

    CommandThreads(Limits limits, ThreadFactory workers, ThreadFactory clocks) {
        this.limits = limits;
        lanes = new Lanes<>(limits.total(), limits.perUser());
        // The limits are kept here; a thread that has just ended its work may still count in the pool.
        pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 3, TimeUnit.SECONDS, new SynchronousQueue<>(), workers);
        clock = new ScheduledThreadPoolExecutor(1, clocks);
        clock.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory workers() {
        AtomicInteger numbers = new AtomicInteger();
        return task -> Threads.daemon(task, "peercred-command-" + numbers.incrementAndGet());
    }

    /**
     * Runs a command, now or soon.
     *
     * @param uid whose
     * @param task the command; it is told whatever becomes of it
     * @return takes it back while it waits
     */
    Waiting submit(long uid, Task task) {
        Job job;
        Lanes.Entry entry;
        try {
            job = new Job(task);
            entry = lanes.enter(uid, job);
        } catch (OutOfMemoryError e) {
            refuse(task, ErrorMessages.BUSY);
            return Waiting.NONE;
        }
        switch (entry) {
            case START -> start(job);
            case WAIT -> {
                expireLater(job);
                return job;
            }
            case CLOSED -> refuse(task, ErrorMessages.STOPPING);
        }
        return Waiting.NONE;
    }

    /**
     * Sets what limits the threads of all services together, besides the limits here.
     *
     * @param limit asked before a thread starts; {@code null} for nothing
     */
    void share(ThreadLimit limit) {
        shared = limit;
    }

    /** Starts a command; where there is no thread for it, those for whose turn it stood in the way. */
    private void start(Job first) {
        Job job = first;
        while (job != null && !hasStarted(job)) {
            job = lanes.vacant();
        }
    }

    /** False if it was refused instead. */
    private boolean hasStarted(Job job) {
        String reason;
        try {
            if (permit(job)) {
                pool.execute(job);
                return true;
            }
            reason = ErrorMessages.BUSY;
        } catch (RejectedExecutionException e) {
            reason = ErrorMessages.STOPPING;
        } catch (Throwable e) {
            // The system gives no more threads or memory: not this container's end.
            reason = ErrorMessages.BUSY;
        }
        if (!lanes.undo(job)) {
            return true;
        }
        job.giveBack.run();
        refuse(job.take(), reason);
        return false;
    }

    private boolean permit(Job job) {
        ThreadLimit limit = shared;
        if (limit == null) {
            return true;
        }
        Optional<ThreadLimit.Permit> permit = limit.take();
        permit.ifPresent(taken -> job.giveBack = taken::giveBack);
        return permit.isPresent();
    }

    private void expireLater(Job job) {
        String reason;
        try {
            long patience = limits.patience().toMillis();
            job.expireWith(clock.schedule(() -> job.withdraw(ErrorMessages.BUSY), patience, TimeUnit.MILLISECONDS));
            return;
        } catch (RejectedExecutionException e) {
            reason = ErrorMessages.STOPPING;
        } catch (Throwable e) {
            // Nobody would refuse it when it has waited too long.
            reason = ErrorMessages.BUSY;
        }
        job.withdraw(reason);
    }

    /** Takes no more commands, lets those that run come to an end, and interrupts those that do not. */
    void stop() {
        lanes.close();
        clock.shutdownNow();
        for (Job job = lanes.drain(); job != null; job = lanes.drain()) {
            refuse(job.take(), ErrorMessages.STOPPING);
        }
        pool.shutdown();
        try {
            if (!pool.awaitTermination(limits.grace().toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
                if (!pool.awaitTermination(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("{} commands go on although they were interrupted.", pool.getActiveCount());
                }
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** How many users have commands that run or wait. */
    int users() {
        return lanes.users();
    }

    private static void runOne(Job job) {
        try {
            job.take().run(job.hasWaited());
        } catch (Throwable e) {
            tell("A command could not be answered: {}", e);
        }
        // What one command left behind is not the next one's concern.
        Thread.interrupted();
    }

    private static void refuse(Task task, String reason) {
        try {
            task.refuse(reason);
        } catch (Throwable e) {
            tell("A command could not be refused: {}", e);
        }
    }

    private static void tell(String message, Throwable e) {
        try {
            LOG.error(message, e.toString());
            LOG.debug("The failure", e);
        } catch (Throwable again) {
            // Nothing more can be done; what called this goes on.
        }
    }
}
