/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers of the files that name processes when they were written, by the clock that nobody sets, and which process each
 * number stood for. So neither a clock that is set afterwards nor a number that is given out again brings a stranger in. What
 * was before the first look it cannot know. Safe to be used by any thread.
 */
final class Chronicle {

    /** One for all policies, as long as this bundle lives. */
    static final Chronicle OF_THIS_SYSTEM = new Chronicle(BootClock::ofThisSystem);

    private static final int MOST_FILES = 1_000;
    private static final long NEVER = Long.MIN_VALUE / 2;

    /** A state of a file, and the start times of the processes that it named. */
    private static final class Sighting {
        private final Optional<FileStamp> stamp;
        private final Optional<Eras.Moment> written;
        private final Map<Integer, Long> named = new HashMap<>();
        private long lastSeen;

        Sighting(Optional<FileStamp> stamp, Optional<Eras.Moment> written) {
            this.stamp = stamp;
            this.written = written;
        }

        boolean shows(Optional<FileStamp> now) {
            return stamp.isEmpty()
                    ? now.isEmpty()
                    : now.filter(stamp.get()::sameContents).isPresent();
        }
    }

    private final Eras eras;
    private final Map<Path, Sighting> sightings = new LinkedHashMap<>(16, 0.75f, true);

    Chronicle(BootClock clock) {
        eras = new Eras(clock);
    }

    /**
     * A file was looked at.
     *
     * @param path the file
     * @param stamp its state; empty if there is none
     */
    synchronized void seen(Path path, Optional<FileStamp> stamp) {
        eras.look().ifPresent(now -> sighting(path, stamp, now));
    }

    private Sighting sighting(Path path, Optional<FileStamp> stamp, long now) {
        Sighting before = sightings.get(path);
        Sighting sighting = before;
        if (before == null || !before.shows(stamp)) {
            long notBefore = before == null ? NEVER : before.lastSeen;
            sighting = new Sighting(stamp, stamp.map(file -> eras.moment(file.written(), notBefore)));
            sightings.put(path, sighting);
            if (sightings.size() > MOST_FILES) {
                sightings.remove(sightings.keySet().iterator().next());
            }
        }
        sighting.lastSeen = now;
        return sighting;
    }

    /**
     * Whether a process is the one that a file means; it is remembered if so.
     *
     * @param path the file
     * @param stamp its state
     * @param shown the file, as it is shown
     * @param pid the number in it
     * @param startTime when the process that has the number now started, in ticks since boot
     * @return why not, half a sentence; empty if it is
     */
    synchronized Optional<String> objection(Path path, FileStamp stamp, String shown, int pid, long startTime) {
        Optional<Long> now = eras.look();
        if (now.isEmpty()) {
            return Optional.of("it cannot be told when process " + pid + " started");
        }
        Sighting sighting = sighting(path, Optional.of(stamp), now.get());
        Long before = sighting.named.get(pid);
        if (before != null) {
            return before == startTime
                    ? Optional.empty()
                    : Optional.of("process " + pid + " is another than " + shown
                            + " named before: its number was given out again");
        }
        Optional<String> objection =
                objection(sighting.written.orElseThrow(), shown, "process " + pid, startTime * BootClock.TICK_MILLIS);
        if (objection.isEmpty()) {
            sighting.named.put(pid, startTime);
        }
        return objection;
    }

    /** How many files are remembered. */
    synchronized int size() {
        return sightings.size();
    }

    private static Optional<String> objection(Eras.Moment written, String shown, String process, long started) {
        long least = started - Eras.TOLERANCE_MILLIS;
        if (written.future()) {
            return Optional.of(shown + " is dated in the future");
        }
        if (least <= written.earliest()) {
            return Optional.empty();
        }
        if (least <= written.latest()) {
            return Optional.of("the clock was set by " + written.setBy() + " s since " + shown + " was written, and "
                    + process + " may be younger than that; write it anew");
        }
        return Optional.of(process + " started after " + shown + " was written"
                + (written.watched() ? "" : ", or the clock was set since"));
    }
}
