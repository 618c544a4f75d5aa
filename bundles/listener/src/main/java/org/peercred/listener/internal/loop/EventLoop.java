/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.peercred.common.text.ForeignText;
import org.peercred.common.threads.Threads;
import org.peercred.listener.internal.socket.LibC;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves many descriptors, runs tasks and keeps deadlines. Each descriptor belongs to one loop and is touched by
 * its thread alone, so none can be used after it was closed. What may be called by other threads says so.
 *
 * <p>Everything that can be thrown is caught here and where services are called: one thread serves all, so nothing that one
 * source or one service does may end it. What the sources share is thrown away before the next one has its turn; where that
 * cannot be done, the process ends.
 */
public final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    /** The most that is logged of what was thrown, in characters. */
    private static final int LONGEST_FAILURE = 512;

    /** How long the last bytes may take once the loop shall end. */
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final Set<Thread> THREADS = ConcurrentHashMap.newKeySet();

    /** The descriptors. */
    public final Sources sources;

    /** Who shares turns with whom. */
    public final Lanes lanes = new Lanes(this);

    /** Whose turn it is. */
    public final Turns turns = new Turns(this);

    private final Commons commons;
    private final LastResort lastResort;
    private final Epoll epoll;
    private final Poller poller;
    private final Tasks tasks = new Tasks(this);
    private final Deadlines deadlines = new Deadlines(this);
    private final Thread thread;
    private final Occupation occupation = new Occupation();
    private long now = System.nanoTime();
    private volatile boolean stopped;
    private volatile boolean over;
    private volatile boolean urgent;
    private volatile boolean unannounced;
    private long lastCall = Long.MAX_VALUE;

    /**
     * Creates a loop; {@link #start()} runs it.
     *
     * @param libc the system calls
     * @param lastResort what is done when the loop's state is not known any more
     * @param commons what its sources have in common
     * @param name the thread's name
     * @throws IOException if the kernel refuses an epoll set or an eventfd; the message has the errno's name
     */
    public EventLoop(LibC libc, LastResort lastResort, Commons commons, String name) throws IOException {
        this.lastResort = lastResort;
        this.commons = commons;
        thread = Threads.daemon(this, name);
        epoll = new Epoll(libc);
        sources = new Sources(this, libc, epoll);
        poller = new Poller(this, libc, epoll);
        sources.register(poller.wakeup(), Epoll.IN);
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
        poller.spin(adaptive);
    }

    /** Whether polling for some microseconds is allowed. May be called by any thread. */
    public boolean maySpin() {
        return poller.maySpin();
    }

    /**
     * Runs a task on the loop's thread, soon. Tasks run in the order in which they came. After {@link #stop} they are dropped.
     * May be called by any thread.
     *
     * @param task must not block
     */
    public void execute(Runnable task) {
        tasks.add(task);
        poller.wake();
    }

    /**
     * Runs a task as {@link #execute} does; where there is no memory for that, every source looks itself for what there is to do.
     * May be called by any thread.
     *
     * @param task must not block
     */
    public void announce(Runnable task) {
        try {
            execute(task);
        } catch (Throwable e) {
            unannounced = true;
            poller.signal();
        }
    }

    /** Has {@link Commons#urgent} done after the present turn. Allocates nothing. May be called by any thread. */
    public void urge() {
        urgent = true;
        poller.wake();
    }

    /**
     * Ends the loop as soon as nothing is owed any more, closes whatever is still open in it, and waits for its thread. May be
     * called by any thread.
     *
     * @param timeoutMillis how long to wait for the thread
     */
    public void stop(long timeoutMillis) {
        stopped = true;
        poller.signal();
        if (isCurrent()) {
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
        try {
            THREADS.add(thread);
            while (!stopped || stillOwes()) {
                serve(turns.pending() ? poller.look() : poller.await());
            }
            sources.abandonAll();
        } catch (Throwable e) {
            lastResort.end("Event loop " + thread.getName(), e);
        } finally {
            over = true;
            THREADS.remove(thread);
            tasks.drop();
            epoll.close();
        }
    }

    private boolean stillOwes() {
        lastCall = Math.min(lastCall, now + LAST_NANOS);
        return now < lastCall && commons.owes(now);
    }

    private void serve(int count) {
        now = System.nanoTime();
        turns.begin(count, now);
        for (int i = 0; i < count; i++) {
            Source source = sources.find(epoll.data(i));
            if (source != null) {
                turns.ready(source, epoll.events(i));
            }
        }
        if (unannounced) {
            unannounced = false;
            sources.forEach(Source::taskLost);
        }
        tasks.run();
        doUrgent();
        turns.serve();
        deadlines.expire(now);
    }

    /** One source's turn. */
    void turn(Source source, int events) {
        Source outer = occupation.begin(source);
        try {
            source.ready(events);
        } catch (Throwable e) {
            failed(source, e);
        }
        occupation.end(outer);
        doUrgent();
    }

    private void doUrgent() {
        if (urgent) {
            urgent = false;
            try {
                commons.urgent();
            } catch (Throwable e) {
                discard("What the event loop had to do at once failed", e);
            }
        }
    }

    /**
     * Ends a source after an error that is not its service's own.
     *
     * @param source the source
     * @param failure what was thrown
     */
    public void failed(Source source, Throwable failure) {
        assert isMine();
        discard("Descriptor " + source.descriptor + " is closed after an internal error", failure);
        try {
            source.abandon();
        } catch (Throwable e) {
            lastResort.end("Event loop " + thread.getName(), e);
        }
    }

    /** Nothing of what failed is left to the next source. */
    void discard(String what, Throwable failure) {
        commons.discard();
        report(what, failure);
    }

    /** How long there is nothing to do but for events, in milliseconds; -1 for ever. */
    int sleepMillis() {
        return tasks.isEmpty() && !urgent ? deadlines.sleepMillis() : 0;
    }

    /** May be called by any thread. */
    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /**
     * When the current events were fetched.
     *
     * @return by {@link System#nanoTime()}
     */
    public long now() {
        return now;
    }

    /**
     * Has something act when its time has come.
     *
     * @param timed asked for its deadline before each sleep
     */
    public void add(Timed timed) {
        deadlines.add(timed);
    }

    /**
     * Has something act no more.
     *
     * @param timed what was added; anything else does nothing
     */
    public void remove(Timed timed) {
        deadlines.remove(timed);
    }

    /**
     * Whether the calling thread is that of this loop. May be called by any thread.
     *
     * @return true on the loop
     */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Whether the calling thread may touch what is the loop's: it is the loop's own, or builds a loop that does not run yet. */
    boolean isMine() {
        return isCurrent() || thread.getState() == Thread.State.NEW;
    }

    /** Whether the calling thread is that of any loop. */
    static boolean isAny() {
        return THREADS.contains(Thread.currentThread());
    }

    /**
     * Its thread's name. May be called by any thread.
     *
     * @return the name
     */
    public String name() {
        return thread.getName();
    }

    /**
     * What it is at now: whose turn it is, and where its thread is in code of others. Costs a stack trace. May be called by any thread.
     *
     * @return a few words on one line
     */
    public String occupation() {
        return occupation.of(thread);
    }

    /** Whether it has ended, so that no task is done any more. May be called by any thread. */
    boolean isOver() {
        return over;
    }

    /**
     * Says what went wrong; it must not matter whether that can be said. May be called by any thread.
     *
     * @param what went wrong
     * @param failure why
     */
    public static void report(String what, Throwable failure) {
        try {
            LOG.error("{}: {}", what, ForeignText.quotable(failure.toString(), LONGEST_FAILURE));
            LOG.debug("The internal error", failure);
        } catch (Throwable e) {
            // There is no memory even for that: what counts is that the loop goes on.
        }
    }
}
