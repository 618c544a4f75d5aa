/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Turns start times of processes into times of day. */
@FunctionalInterface
interface BootClock {

    /** The kernel counts start times in hundredths of a second on every machine that Karaf runs on (USER_HZ). */
    long TICK_MILLIS = 10;

    /**
     * When the kernel was booted, by the clock as it is set now.
     *
     * @return milliseconds since 1970; empty if that cannot be told
     */
    OptionalLong booted();

    /** From the first figure of {@code /proc/uptime}, seconds since boot. */
    static OptionalLong fromProc() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return OptionalLong.of(System.currentTimeMillis() - Math.round(seconds * 1000));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }
}
