/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBuffer;
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
    final NativeBuffer input = new NativeBuffer(READ_SIZE);
    final ReplyBuffer replies = new ReplyBuffer();
    final ReplyContext context = new ReplyContext(this);
    final BufferPool pool = new BufferPool();
    final Farewells farewells = new Farewells(this);

    private final Epoll epoll;
    private final Wakeup wakeup;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Timed> timed = new ArrayList<>();
    private final Thread thread;
    private Source[] sources = new Source[1024];
    private int generations;
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
        int eventfd = libc.eventfd(0, EFD_NONBLOCK_CLOEXEC);
        if (eventfd < 0) {
            String errno = LibC.nameOf(LibC.errno());
            epoll.close();
            throw new IOException("eventfd failed: " + errno);
        }
        wakeup = new Wakeup(this, eventfd);
        register(wakeup, Epoll.IN);
        timed.add(farewells);
        thread = new Thread(this, name);
        thread.setDaemon(true);
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
                dispatch(epoll.data(i), epoll.events(i));
            }
            runTasks();
            expire();
        }
        for (Source source : sources) {
            if (source != null) {
                abandon(source);
            }
        }
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

    /**
     * Adds a source.
     *
     * @return false if the kernel has no room for another one
     */
    boolean register(Source source, int interest) {
        if (source.descriptor >= sources.length) {
            sources = Arrays.copyOf(sources, Math.max(source.descriptor + 1, sources.length * 2));
        }
        source.generation = ++generations;
        sources[source.descriptor] = source;
        return watch(source, interest);
    }

    /** Changes what a source waits for. With 0 it is not even told that the peer is gone. */
    boolean watch(Source source, int interest) {
        if (interest == source.interest) {
            return true;
        }
        boolean done = true;
        if (interest == 0) {
            epoll.remove(source.descriptor);
        } else {
            long data = ((long) source.generation << 32) | source.descriptor;
            done = source.interest == 0
                    ? epoll.add(source.descriptor, interest, data)
                    : epoll.modify(source.descriptor, interest, data);
        }
        if (done) {
            source.interest = interest;
        }
        return done;
    }

    /** Forgets a source and closes its descriptor, which takes it out of the epoll set as well. */
    void close(Source source) {
        if (forget(source)) {
            libc.close(source.descriptor);
        }
    }

    /** Forgets a source whose descriptor lives on. */
    void release(Source source) {
        if (forget(source) && source.interest != 0) {
            epoll.remove(source.descriptor);
            source.interest = 0;
        }
    }

    /** Puts another source in the place of one, with the same descriptor and interest. */
    void replace(Source old, Source replacement) {
        if (old.interest == 0) {
            replacement.generation = ++generations;
        } else {
            replacement.generation = old.generation;
            replacement.interest = old.interest;
        }
        sources[old.descriptor] = replacement;
    }

    private boolean forget(Source source) {
        if (source.descriptor >= sources.length || sources[source.descriptor] != source) {
            return false;
        }
        sources[source.descriptor] = null;
        return true;
    }

    private void dispatch(long data, int events) {
        Source source = sources[(int) data];
        if (source == null || source.generation != (int) (data >>> 32)) {
            return;
        }
        try {
            source.ready(events);
        } catch (Throwable e) {
            LOG.error("Descriptor {} is closed after an internal error: {}", source.descriptor, e.toString());
            LOG.debug("The internal error", e);
            abandon(source);
        }
    }

    private static void abandon(Source source) {
        try {
            source.abandon();
        } catch (Throwable e) {
            LOG.error("Descriptor {} could not be closed: {}", source.descriptor, e.toString());
            LOG.debug("The internal error", e);
        }
    }

    /** Closes an accepted descriptor, whatever has become of it since. */
    void drop(int accepted) {
        Source source = accepted < sources.length ? sources[accepted] : null;
        if (source == null) {
            libc.close(accepted);
        } else {
            abandon(source);
        }
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
