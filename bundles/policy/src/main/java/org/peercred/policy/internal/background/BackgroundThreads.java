/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.background;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
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

    private final ExecutorService workers;
    private final Timetable timetable;
    private final long patienceMillis;

    /** Starts no worker before there is work. */
    @Activate
    public BackgroundThreads() {
        this(task -> Threads.daemon(task, "peercred-policy-worker"), PATIENCE_MILLIS);
    }

    BackgroundThreads(ThreadFactory factory, long patienceMillis) {
        this.patienceMillis = patienceMillis;
        workers = new ThreadPoolExecutor(0, 64, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
        timetable = new Timetable(workers);
        Threads.daemon(timetable, "peercred-policy-clock").start();
    }

    @Deactivate
    void stop() {
        timetable.stop();
        workers.shutdownNow();
    }

    @Override
    public boolean run(Runnable task) {
        CountDownLatch ended = new CountDownLatch(1);
        workers.execute(() -> {
            try {
                task.run();
            } finally {
                ended.countDown();
            }
        });
        try {
            return ended.await(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Chore chore(Runnable task) {
        return timetable.chore(task);
    }
}
