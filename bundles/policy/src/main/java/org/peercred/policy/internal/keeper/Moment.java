/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.time.Duration;
import java.time.Instant;

/**
 * When a look is made, and what has had time enough by then.
 *
 * @param now nanoseconds by the keeper's clock
 * @param lastEvent when a configuration was changed last, by the same clock
 * @param started whether files and configurations were compared before
 * @param born when this process started: Karaf has read what was there before
 * @param starting whether bundles are still to start that may read files
 */
record Moment(long now, long lastEvent, boolean started, Instant born, boolean starting) {

    /** Two polls of Karaf's, and some more for one that is late. */
    static final Duration CHANCE = Duration.ofMillis(2_500);

    /** As long as configurations keep coming in Karaf is at it, and gets so long. */
    static final Duration LONG_CHANCE = Duration.ofMillis(3_200);

    private static final Duration QUIET = Duration.ofSeconds(1);

    /** After which it is told that a file that keeps changing is not in force. */
    private static final Duration LONGEST = Duration.ofMillis(4_500);

    /** Whether Karaf has had its chance with a file as it is. */
    boolean isSettled(Watched file) {
        return started ? file.age(now) >= chance().toNanos() : isSettled(file.stamp());
    }

    /** The same at the first look, of anything. */
    boolean isSettled(Stamp stamp) {
        return stamp.isOlderThan(born, CHANCE);
    }

    /** Whether a file has differed for so long that nobody is about to change it who has changed the configuration. */
    boolean isLasting(Watched file) {
        return !started || file.differsFor(now) >= CHANCE.toNanos();
    }

    /** Whether nobody has read a file for longer than the bundle of who does may take to be started again. */
    boolean isUnread(Watched file) {
        return file.unreadFor(now) >= CHANCE.toNanos() && !starting;
    }

    /** Whether a file has differed for so long that it must be told. */
    boolean isTooLong(Watched file) {
        return file.differsFor(now) >= LONGEST.toNanos();
    }

    /** Whether something has been so for long enough. */
    boolean isLongAgo(long since) {
        return now - since >= CHANCE.toNanos();
    }

    private Duration chance() {
        return now - lastEvent >= QUIET.toNanos() ? CHANCE : LONG_CHANCE;
    }
}
