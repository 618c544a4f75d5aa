/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.concurrent.atomic.AtomicLongArray;

/** Who has their share of the queue waiting, for any thread to look at in a few nanoseconds. Changed by one thread at a time. */
final class Greedy {

    private final AtomicLongArray uids;
    private volatile int size;

    /**
     * Creates it, empty.
     *
     * @param most how many there can be
     */
    Greedy(int most) {
        uids = new AtomicLongArray(most);
    }

    boolean has(long uid) {
        for (int i = size - 1; i >= 0; i--) {
            if (uids.get(i) == uid) {
                return true;
            }
        }
        return false;
    }

    void add(long uid) {
        int last = size;
        uids.set(last, uid);
        size = last + 1;
    }

    void remove(long uid) {
        int last = size - 1;
        for (int i = 0; i <= last; i++) {
            if (uids.get(i) == uid) {
                uids.set(i, uids.get(last));
                size = last;
                return;
            }
        }
    }
}
