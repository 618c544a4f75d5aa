/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.peercred.common.threads.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for commands. Each running command has one to itself. There are limits, in all and for one user, so that nobody's
 * slow commands use up the threads of others; a command that finds no thread waits its turn behind those of the same user, and
 * is refused when it has waited too long. Users who wait are served in turn. Safe to be used by any thread; never blocks but in
 * {@link #stop}.
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

        /** Runs it. Must not throw. */
        void run();

        /**
         * It will not be run. Must not block or throw.
         *
         * @param reason for the client
         */
        void refuse(String reason);
    }

    /** One user's commands. */
    private static final class Lane {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private int running;
    }

    private record Waiting(Task task, Future<?> expiry) {}

    private record Turn(long uid, Task task) {}

    private final Limits limits;
    private final Map<Long, Lane> lanes = new LinkedHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor clock;
    private int running;
    private boolean stopped;

    CommandThreads(Limits limits) {
        this.limits = limits;
        // The limits are kept here; a thread that has just ended its work may still count in the pool.
        pool = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> Threads.daemon(task, "peercred-command-" + numbers.incrementAndGet()));
        clock = new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, "peercred-command-clock"));
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * Runs a command, now or soon.
     *
     * @param uid whose
     * @param task the command; it is told whatever becomes of it
     */
    void submit(long uid, Task task) {
        boolean start;
        synchronized (lanes) {
            if (stopped) {
                start = false;
            } else {
                Lane lane = lanes.computeIfAbsent(uid, key -> new Lane());
                start = lane.waiting.isEmpty() && lane.running < limits.perUser() && running < limits.total();
                if (start) {
                    lane.running++;
                    running++;
                } else {
                    long patience = limits.patience().toMillis();
                    Future<?> expiry = clock.schedule(() -> expire(uid, task), patience, TimeUnit.MILLISECONDS);
                    lane.waiting.add(new Waiting(task, expiry));
                    return;
                }
            }
        }
        if (!start) {
            task.refuse(Answers.STOPPING);
            return;
        }
        try {
            pool.execute(() -> work(new Turn(uid, task)));
        } catch (RejectedExecutionException e) {
            ended(uid);
            task.refuse(Answers.STOPPING);
        } catch (OutOfMemoryError e) {
            // The system gives no more threads: not this container's end.
            ended(uid);
            task.refuse(Answers.BUSY);
        }
    }

    /** Takes no more commands, lets those that run come to an end, and interrupts those that do not. */
    void stop() {
        List<Task> dropped = new ArrayList<>();
        synchronized (lanes) {
            stopped = true;
            for (Lane lane : lanes.values()) {
                lane.waiting.forEach(waiting -> dropped.add(waiting.task()));
                lane.waiting.clear();
            }
        }
        clock.shutdownNow();
        dropped.forEach(task -> task.refuse(Answers.STOPPING));
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

    private void work(Turn first) {
        Turn turn = first;
        while (turn != null) {
            try {
                turn.task().run();
            } catch (Throwable e) {
                LOG.error("A command could not be answered: {}", e.toString());
                LOG.debug("The failure", e);
            }
            // What one command left behind is not the next one's concern.
            Thread.interrupted();
            turn = next(turn.uid());
        }
    }

    /** One command has ended. What was made room for by that is one command at most: one of those that wait. */
    private Turn next(long uid) {
        synchronized (lanes) {
            ended(uid);
            for (Map.Entry<Long, Lane> entry : lanes.entrySet()) {
                Lane lane = entry.getValue();
                if (!lane.waiting.isEmpty() && lane.running < limits.perUser()) {
                    long whose = entry.getKey();
                    Waiting waiting = lane.waiting.remove();
                    waiting.expiry().cancel(false);
                    lane.running++;
                    running++;
                    // To the end of the queue of users.
                    lanes.remove(whose);
                    lanes.put(whose, lane);
                    return new Turn(whose, waiting.task());
                }
            }
            return null;
        }
    }

    private void ended(long uid) {
        synchronized (lanes) {
            Lane lane = lanes.get(uid);
            lane.running--;
            running--;
            forgetIfIdle(uid, lane);
        }
    }

    private void expire(long uid, Task task) {
        synchronized (lanes) {
            Lane lane = lanes.get(uid);
            if (lane == null || !lane.waiting.removeIf(waiting -> waiting.task() == task)) {
                return;
            }
            forgetIfIdle(uid, lane);
        }
        task.refuse(Answers.BUSY);
    }

    private void forgetIfIdle(long uid, Lane lane) {
        if (lane.running == 0 && lane.waiting.isEmpty()) {
            lanes.remove(uid);
        }
    }
}
