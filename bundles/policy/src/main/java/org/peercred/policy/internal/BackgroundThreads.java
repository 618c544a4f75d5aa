/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.peercred.common.threads.Threads;

/**
 * One thread that keeps time, and others that work and go when there is nothing to do: a name service that does not answer
 * holds up whoever waits for it and nobody else.
 */
@Component(name = "org.peercred.policy.background", service = Background.class)
public final class BackgroundThreads implements Background {

    private static final long PATIENCE_MILLIS = 1_000;

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, daemons("clock"));
    private final ExecutorService workers =
            new ThreadPoolExecutor(0, 64, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("worker"));

    /** Starts no thread before there is work. */
    @Activate
    public BackgroundThreads() {
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
        workers.shutdownNow();
    }

    @Override
    public boolean run(Runnable task) {
        CountDownLatch ended = new CountDownLatch(1);
        submit(() -> {
            try {
                task.run();
            } finally {
                ended.countDown();
            }
        });
        try {
            return ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> unused = clock.schedule(() -> submit(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Stopped: whoever wanted this is being stopped as well.
        }
    }

    private void submit(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            // All threads wait for a name service, or this service was stopped, and then the next attempt is dropped
            // too.
            after(Duration.ofSeconds(1), task);
        }
    }

    private static ThreadFactory daemons(String role) {
        return task -> Threads.daemon(task, "peercred-policy-" + role);
    }
}
