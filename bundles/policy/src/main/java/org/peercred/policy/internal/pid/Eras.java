/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the clock on the wall was set since the first look at it: each time it was, an era ends. Tells when a file was written by
 * the clock that nobody sets. Not thread-safe.
 */
final class Eras {

    /**
     * When a file was written, as far as that can be told.
     *
     * @param earliest milliseconds since boot; negative before that
     * @param latest the same; equal unless the clock showed the file's time more than once, or never
     * @param setBy seconds by which the clock was set since the earliest
     * @param watched whether the clock was looked at since then
     * @param future whether it is dated in the future
     */
    record Moment(long earliest, long latest, long setBy, boolean watched, boolean future) {}

    /** The clock and file systems do not tell times any finer. */
    static final long TOLERANCE_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Eras.class);

    /** What is more than the clock's being nudged. */
    private static final long STEP_MILLIS = 2_000;

    private static final int MOST = 100;

    /** In milliseconds since boot, as wide as it may have been; {@code booted} in milliseconds since 1970. */
    private static final class Era {
        private long booted;
        private final long from;
        private long to;

        Era(long booted, long from, long to) {
            this.booted = booted;
            this.from = from;
            this.to = to;
        }

        long since(long wall) {
            return wall - booted;
        }
    }

    private final BootClock clock;
    private final List<Era> eras = new ArrayList<>();
    private long firstLook;

    Eras(BootClock clock) {
        this.clock = clock;
    }

    /**
     * Looks at the clocks, and notices if one was set.
     *
     * @return milliseconds since boot; empty if that cannot be told
     */
    Optional<Long> look() {
        Optional<BootClock.Reading> reading = clock.read();
        if (reading.isEmpty()) {
            return Optional.empty();
        }
        long booted = reading.get().booted();
        long now = reading.get().sinceBoot();
        if (eras.isEmpty()) {
            firstLook = now;
            eras.add(new Era(booted, Long.MIN_VALUE / 2, now));
            return Optional.of(now);
        }
        Era last = eras.get(eras.size() - 1);
        if (Math.abs(booted - last.booted) > STEP_MILLIS) {
            LOG.info("The clock was set by {} s.", (booted - last.booted) / 1000);
            eras.add(new Era(booted, last.to, now));
            if (eras.size() > MOST) {
                eras.remove(0);
            }
        } else {
            last.booted = booted;
        }
        last.to = now;
        return Optional.of(now);
    }

    /**
     * Tells when a file was written, just after a look.
     *
     * @param wall its date, milliseconds since 1970
     * @param notBefore when another file was still in its place, milliseconds since boot
     */
    Moment moment(long wall, long notBefore) {
        List<Long> times = new ArrayList<>();
        for (Era era : eras) {
            long time = era.since(wall);
            if (time >= era.from - TOLERANCE_MILLIS && time <= era.to + TOLERANCE_MILLIS) {
                times.add(time);
            }
        }
        Era last = eras.get(eras.size() - 1);
        boolean future = times.isEmpty() && last.since(wall) > last.to;
        List<Long> left = times.stream()
                .filter(time -> time >= notBefore - TOLERANCE_MILLIS)
                .toList();
        if (times.isEmpty()) {
            // Somebody gave it a time that the clock never showed.
            left = eras.stream().map(era -> era.since(wall)).toList();
        } else if (left.isEmpty()) {
            left = times;
        }
        long earliest = left.stream().mapToLong(Long::longValue).min().orElseThrow();
        long latest = left.stream().mapToLong(Long::longValue).max().orElseThrow();
        long setBy = (last.booted - (wall - earliest)) / 1000;
        return new Moment(earliest, latest, setBy, earliest >= firstLook - TOLERANCE_MILLIS, future);
    }
}
