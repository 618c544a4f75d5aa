/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.TimeUnit;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.SourceList;
import org.peercred.listener.internal.loop.Timed;

/**
 * The farewells of one loop, oldest first. They are bounded in time and, apart from the limits on connections, in number, so
 * that clients who are turned away cannot use up descriptors.
 */
final class Farewells implements Timed {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
    private static final int MAXIMUM = 512;

    private final EventLoop loop;
    private final SourceList<Farewell> farewells = new SourceList<>();

    Farewells(EventLoop loop) {
        this.loop = loop;
    }

    boolean full() {
        return farewells.size() >= MAXIMUM;
    }

    void add(Farewell farewell) {
        farewells.add(farewell, loop.now());
    }

    /** The client has taken something: its time begins anew. What it sends does not count. */
    void touch(Farewell farewell) {
        farewells.touch(farewell, loop.now());
    }

    void remove(Farewell farewell) {
        farewells.remove(farewell);
    }

    /** Whether one still has bytes to get, and time left for it. */
    boolean owe(long now) {
        expire(now);
        return farewells.copy().stream().anyMatch(Farewell::owes);
    }

    @Override
    public long deadline() {
        Farewell oldest = farewells.oldest();
        return oldest == null ? Long.MAX_VALUE : oldest.touchedAt() + PATIENCE;
    }

    @Override
    public void expire(long now) {
        for (Farewell oldest = farewells.oldest();
                oldest != null && oldest.touchedAt() + PATIENCE <= now;
                oldest = farewells.oldest()) {
            oldest.abandon();
        }
    }
}
