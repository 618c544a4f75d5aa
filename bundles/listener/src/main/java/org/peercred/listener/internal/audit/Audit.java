/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.common.threads.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from the loops and has them written by a thread of its own, so that no loop waits for a log file or a name
 * service. No event is dropped: when the writer falls behind, {@link #isBehind()} tells the listeners to accept no more.
 */
public final class Audit implements AuditLog, Runnable, AutoCloseable {

    /** The audit logger's name. */
    public static final String LOGGER = "org.peercred.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final Logger TROUBLE = LoggerFactory.getLogger(Audit.class);
    private static final int BEHIND = 8192;
    private static final long FOLDING_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long STOP_MILLIS = 5000;

    private final ConcurrentLinkedQueue<AuditEvent> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AuditRing ring = new AuditRing();
    private final List<BiConsumer<AuditEvent, String>> followers = new CopyOnWriteArrayList<>();
    private final AuditFolder folder;
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;

    /**
     * Starts the writer.
     *
     * @param names finds user names for the lines
     */
    public Audit(UserNames names) {
        folder = new AuditFolder(names, this::write);
        thread = Threads.daemon(this, "peercred-audit");
        thread.start();
    }

    @Override
    public boolean wants(AuditEvent.Type type) {
        return type.isWarning() ? LOG.isWarnEnabled() || hasFollowers() : LOG.isInfoEnabled() || hasFollowers();
    }

    @Override
    public void record(AuditEvent event) {
        size.incrementAndGet();
        queue.add(event);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public List<Entry> latest() {
        return ring.entries();
    }

    @Override
    public Subscription follow(BiConsumer<AuditEvent, String> follower) {
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    /**
     * Whether the writer has so much to do that no new connections should be accepted for now.
     *
     * @return true until it has caught up
     */
    public boolean isBehind() {
        return size.get() > BEHIND;
    }

    @Override
    public void run() {
        boolean busy = false;
        while (!stopped || !queue.isEmpty()) {
            AuditEvent event = queue.poll();
            if (event != null) {
                busy = true;
                size.decrementAndGet();
                anyhow(() -> folder.take(event, System.nanoTime()));
            } else {
                anyhow(() -> folder.expire(System.nanoTime()));
                rest(busy);
                busy = false;
            }
        }
        anyhow(folder::flush);
    }

    /** Without this thread nobody would be let in any more, so nothing may end it, not even a full disk. */
    private static void anyhow(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            complain("An audit event could not be written", e);
        }
    }

    private static void complain(String what, Throwable failure) {
        try {
            TROUBLE.warn("{}: {}", what, failure.toString());
            TROUBLE.debug("The failure", failure);
        } catch (Throwable e) {
            // Then the log itself is what is broken, and there is nobody left to tell.
        }
    }

    /** Writes what is there and ends the thread. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Naps for as long as more is likely to come, so that a busy loop never has to wake this thread; else sleeps. */
    private void rest(boolean busy) {
        if (!folder.isEmpty()) {
            LockSupport.parkNanos(this, FOLDING_NAP_NANOS);
        } else if (busy) {
            LockSupport.parkNanos(this, NAP_NANOS);
        } else {
            asleep = true;
            if (queue.isEmpty() && !stopped) {
                LockSupport.park(this);
            }
            asleep = false;
        }
    }

    private boolean hasFollowers() {
        return !followers.isEmpty();
    }

    private void write(AuditEvent event, String line) {
        if (event.type().isWarning()) {
            LOG.warn(line);
        } else {
            LOG.info(line);
        }
        ring.add(new Entry(event, line));
        for (BiConsumer<AuditEvent, String> follower : followers) {
            try {
                follower.accept(event, line);
            } catch (Throwable e) {
                complain("An audit follower failed", e);
            }
        }
    }
}
