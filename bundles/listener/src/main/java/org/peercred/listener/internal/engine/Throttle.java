/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.TimeUnit;

/** Lets a warning through once a minute: whoever is turned away must not fill the log. Used by one thread. */
final class Throttle {

    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private boolean used;
    private long usedAt;

    /** Whether it is time; then it is not for a while. */
    boolean lets(long now) {
        boolean due = !used || now - usedAt > INTERVAL;
        if (due) {
            used = true;
            usedAt = now;
        }
        return due;
    }
}
