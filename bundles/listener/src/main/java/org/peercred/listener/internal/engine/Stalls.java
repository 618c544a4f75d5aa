/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.Timed;

/**
 * Connections that are not read from while the audit has so much to write of their user that more would be too much: who
 * floods the audit waits for it. Looked at every few milliseconds while there are any.
 */
final class Stalls implements Timed {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final EventLoop loop;
    private final List<Connection> stalled = new ArrayList<>();
    private long next = Long.MAX_VALUE;

    Stalls(EventLoop loop) {
        this.loop = loop;
    }

    void add(Connection connection) {
        stalled.add(connection);
        next = Math.min(next, loop.now() + PAUSE_NANOS);
    }

    @Override
    public long deadline() {
        return next;
    }

    @Override
    public void expire(long now) {
        // Whatever fails, those who wait are looked at again.
        next = now + PAUSE_NANOS;
        int kept = 0;
        for (int i = 0; i < stalled.size(); i++) {
            Connection connection = stalled.get(i);
            if (connection.isOpen() && connection.waitsForAudit()) {
                stalled.set(kept++, connection);
            } else {
                connection.turn.goOn();
            }
        }
        for (int i = stalled.size() - 1; i >= kept; i--) {
            stalled.remove(i);
        }
        next = kept > 0 ? next : Long.MAX_VALUE;
    }
}
