/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Keeps changes of one configuration so far apart that Karaf takes each of them. What its installer of configurations has read from a file, it
 * sets a little later, and it then writes to the file what is set: a change that was made in the meantime, on the console or in the file, is
 * lost by that. It looks once a second.
 */
final class Pace {

    private static final long NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Map<String, Long> LAST = new ConcurrentHashMap<>();

    private Pace() {}

    /** Waits, for two seconds at most, until what was changed before this is taken. */
    static void change(String pid) {
        Long last = LAST.get(pid);
        if (last != null) {
            try {
                TimeUnit.NANOSECONDS.sleep(NANOS - (System.nanoTime() - last));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        LAST.put(pid, System.nanoTime());
    }
}
