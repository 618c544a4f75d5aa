/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.ArrayList;
import java.util.List;

/** What in a loop wants to act when nothing happens, and when. Touched by the loop's thread alone. */
final class Deadlines {

    private static final long MAX_SLEEP_MILLIS = 60_000;

    private final EventLoop loop;
    private final List<Timed> timed = new ArrayList<>();

    Deadlines(EventLoop loop) {
        this.loop = loop;
    }

    void add(Timed newTimed) {
        assert loop.isMine();
        timed.add(newTimed);
    }

    void remove(Timed oldTimed) {
        assert loop.isMine();
        timed.remove(oldTimed);
    }

    /** Has those act whose deadline has passed. One that fails keeps none of the others from it. */
    void expire(long now) {
        for (int i = timed.size() - 1; i >= 0; i--) {
            Timed candidate = timed.get(i);
            try {
                if (candidate.deadline() <= now) {
                    candidate.expire(now);
                }
            } catch (Throwable e) {
                loop.discard("A deadline of the event loop was missed", e);
            }
        }
    }

    /** How long the loop may sleep, in milliseconds; -1 for ever. */
    int sleepMillis() {
        long deadline = Long.MAX_VALUE;
        for (int i = 0; i < timed.size(); i++) {
            deadline = Math.min(deadline, timed.get(i).deadline());
        }
        if (deadline == Long.MAX_VALUE) {
            return -1;
        }
        long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        return (int) Math.max(0, Math.min(millis, MAX_SLEEP_MILLIS));
    }
}
