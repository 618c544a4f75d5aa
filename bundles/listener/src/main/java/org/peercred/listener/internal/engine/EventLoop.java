/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.peercred.common.threads.Threads;
import org.peercred.listener.internal.socket.LibC;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves many descriptors. Each descriptor belongs to one loop and is touched by its thread alone, so none can
 * be used after it was closed. Only {@link #execute} and {@link #stop} may be called by other threads.
 *
 * <p>Everything that can be thrown is caught here and where services are called: one thread serves all, so nothing that one
 * connection or one service does may end it.
 */
public final class EventLoop implements Runnable {

    /** The most that is read at once, in bytes. */
    static final int READ_SIZE = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final long MAX_SLEEP_MILLIS = 60_000;
    /** Tasks between two looks at the descriptors, so that tasks that bring forth tasks keep nobody waiting. */
    private static final int TASK_BATCH = 256;
    /** How long the last bytes may take once the loop shall end. */
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(4);

    final LibC libc;
    final ReadBuffer input = new ReadBuffer(READ_SIZE);
    final ReplyBuffer replies = new ReplyBuffer();
    final ReplyContext context = new ReplyContext(this);
    final Answering answering = new Answering(replies, context);
    final BufferPool pool = new BufferPool();
    final Farewells farewells = new Farewells(this);

    final Sources sources;

    private final Epoll epoll;
    private final Wakeup wakeup;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Timed> timed = new ArrayList<>();
    private final Thread thread;
    private long now = System.nanoTime();
    private final Spin spin = new Spin();
    private volatile boolean adaptiveSpin;
    private volatile boolean sleeping;
    private volatile boolean stopped;
    private long lastCall = Long.MAX_VALUE;

    /**
     * Creates a loop; {@link #start()} runs it.
     *
     * @param libc the system calls
     * @param name the thread's name
     * @throws IOException if the kernel refuses an epoll set or an eventfd; the message has the errno's name
     */
    public EventLoop(LibC libc, String name) throws IOException {
        this.libc = libc;
        epoll = new Epoll(libc);
        sources = new Sources(libc, epoll);
        int eventfd = libc.eventfd(0, EFD_NONBLOCK_CLOEXEC);
        if (eventfd < 0) {
            String errno = LibC.nameOf(LibC.errno());
            epoll.close();
            throw new IOException("eventfd failed: " + errno);
        }
        wakeup = new Wakeup(this, eventfd);
        sources.register(wakeup, Epoll.IN);
        timed.add(farewells);
        thread = Threads.daemon(this, name);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /**
     * Whether the loop may poll for some microseconds before it sleeps. May be called by any thread.
     *
     * @param adaptive true to poll where that pays
     */
    public void spin(boolean adaptive) {
        adaptiveSpin = adaptive;
    }

    /**
     * Runs a task on the loop's thread, soon. Tasks run in the order in which they came. After {@link #stop} they are dropped.
     *
     * @param task must not block
     */
    public void execute(Runnable task) {
        tasks.add(task);
        if (sleeping) {
            wakeup.signal();
        }
    }

    /**
     * Ends the loop as soon as all farewells have got their last bytes, closes whatever is still open in it, and waits for its
     * thread.
     *
     * @param timeoutMillis how long to wait for the thread
     */
    public void stop(long timeoutMillis) {
        stopped = true;
        wakeup.signal();
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(timeoutMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.error("Event loop {} did not end within {} ms.", thread.getName(), timeoutMillis);
        }
    }

    @Override
    public void run() {
        while (!stopped || stillOwes()) {
            int count = await();
            now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                sources.dispatch(epoll.data(i), epoll.events(i));
            }
            runTasks();
            expire();
        }
        sources.abandonAll();
        epoll.close();
    }

    private boolean stillOwes() {
        lastCall = Math.min(lastCall, now + LAST_NANOS);
        return now < lastCall && farewells.owe(now);
    }

    /** Waits for events; with spin, polls for a moment first where that pays. */
    private int await() {
        boolean spinning = adaptiveSpin;
        if (spinning && spin.pays()) {
            long end = System.nanoTime() + Spin.NANOS;
            do {
                int count = epoll.await(0);
                if (count > 0 || !tasks.isEmpty()) {
                    spin.won();
                    return noted(count);
                }
            } while (System.nanoTime() < end);
            spin.lost();
        }
        sleeping = true;
        int timeout = tasks.isEmpty() ? sleepMillis() : 0;
        long before = spinning ? System.nanoTime() : 0;
        int count = epoll.await(timeout);
        sleeping = false;
        if (spinning) {
            spin.slept(System.nanoTime() - before);
            return noted(count);
        }
        return count;
    }

    private int noted(int count) {
        if (count == 1) {
            spin.single(epoll.data(0));
        } else {
            spin.several();
        }
        return count;
    }

    /** When the current events were fetched, by {@link System#nanoTime()}. */
    long now() {
        return now;
    }

    void add(Timed newTimed) {
        timed.add(newTimed);
    }

    void remove(Timed oldTimed) {
        timed.remove(oldTimed);
    }

    private void runTasks() {
        for (int i = 0; i < TASK_BATCH; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("A task of the event loop failed: {}", e.toString());
                LOG.debug("The failure", e);
            }
        }
    }

    private void expire() {
        for (int i = timed.size() - 1; i >= 0; i--) {
            Timed candidate = timed.get(i);
            try {
                if (candidate.deadline() <= now) {
                    candidate.expire(now);
                }
            } catch (Throwable e) {
                LOG.error("A deadline of the event loop was missed: {}", e.toString());
                LOG.debug("The failure", e);
            }
        }
    }

    private int sleepMillis() {
        long deadline = Long.MAX_VALUE;
        for (int i = 0; i < timed.size(); i++) {
            deadline = Math.min(deadline, timed.get(i).deadline());
        }
        if (deadline == Long.MAX_VALUE) {
            return -1;
        }
        long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        return (int) Math.max(0, Math.min(millis, MAX_SLEEP_MILLIS));
    }
}
