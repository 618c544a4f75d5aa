/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.peercred.listener.internal.loop.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds systemd's watchdog for as long as every event loop comes to its next turn. Each loop is asked to say so in a turn of its own; one
 * that does not is named in the log, with what it is at, in good time before systemd ends the process. For one thread.
 */
public final class Watchdog {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** A loop is asked so many times within the time that systemd waits, and is named after half of it. */
    private static final int PARTS = 4;

    private final Duration timeout;
    private final Supplier<List<EventLoop>> loops;
    private final Runnable feed;
    private final LongSupplier clock;
    private final Map<EventLoop, Pulse> pulses = new HashMap<>();

    /**
     * Feeds nothing yet.
     *
     * @param timeout how long systemd waits
     * @param loops those that have to be alive
     * @param feed tells systemd that they are
     * @param clock nanoseconds, as {@link System#nanoTime()}
     */
    public Watchdog(Duration timeout, Supplier<List<EventLoop>> loops, Runnable feed, LongSupplier clock) {
        this.timeout = timeout;
        this.loops = loops;
        this.feed = feed;
        this.clock = clock;
    }

    /**
     * How often to {@link #look}.
     *
     * @return the time between two looks
     */
    public Duration period() {
        return timeout.dividedBy(PARTS);
    }

    /** Looks whether each loop has had a turn since it was asked, feeds the watchdog if each has, and asks again. */
    public void look() {
        long now = clock.getAsLong();
        boolean alive = true;
        List<EventLoop> running = loops.get();
        pulses.keySet().retainAll(running);
        for (EventLoop loop : running) {
            Pulse pulse = pulses.get(loop);
            if (pulse == null) {
                pulses.put(loop, new Pulse(loop, now));
                alive = false;
            } else {
                alive &= pulse.look(now);
            }
        }
        if (alive) {
            feed.run();
        }
    }

    /** Whether one loop is alive. Run by the loop, it says so. */
    private final class Pulse implements Runnable {

        private final EventLoop loop;
        private volatile boolean felt;
        private long asked;
        private boolean told;

        Pulse(EventLoop loop, long now) {
            this.loop = loop;
            ask(now);
        }

        private void ask(long now) {
            felt = false;
            asked = now;
            loop.execute(this);
        }

        @Override
        public void run() {
            felt = true;
        }

        boolean look(long now) {
            long millis = TimeUnit.NANOSECONDS.toMillis(now - asked);
            if (felt) {
                if (told) {
                    LOG.warn("Event loop {} goes on, after {} ms.", loop.name(), millis);
                }
                told = false;
                ask(now);
                return true;
            }
            if (!told && now - asked >= timeout.toNanos() / 2) {
                told = true;
                LOG.error(
                        "Event loop {} has not come to its next turn for {} ms: it is at {}. systemd hears nothing more of this process until"
                                + " it does, and ends it after {} ms.",
                        loop.name(),
                        millis,
                        loop.occupation(),
                        timeout.toMillis());
            }
            return false;
        }
    }
}
