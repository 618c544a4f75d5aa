/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The clock on the wall, by which files are dated and which may be set, beside the time since boot, by which processes are. */
@FunctionalInterface
interface BootClock {

    /** The kernel counts start times in hundredths of a second on every machine that Karaf runs on (USER_HZ). */
    long TICK_MILLIS = 10;

    /**
     * Both clocks at one moment.
     *
     * @param wall milliseconds since 1970
     * @param sinceBoot milliseconds since the kernel was booted, times of suspension included
     */
    record Reading(long wall, long sinceBoot) {

        /** When the kernel was booted, by the clock as it is set now; milliseconds since 1970. */
        long booted() {
            return wall - sinceBoot;
        }
    }

    /**
     * Reads both.
     *
     * @return empty if that cannot be told
     */
    Optional<Reading> read();

    /** From the first figure of {@code /proc/uptime}, seconds since boot. */
    static Optional<Reading> ofThisSystem() {
        try {
            for (int tries = 0; tries < 3; tries++) {
                long before = uptime();
                long wall = System.currentTimeMillis();
                long after = uptime();
                // A pause in between would look like a clock that was set.
                if (after - before < 500) {
                    return Optional.of(new Reading(wall, before));
                }
            }
        } catch (IOException | RuntimeException e) {
            // It cannot be told.
        }
        return Optional.empty();
    }

    private static long uptime() throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        return Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000);
    }
}
