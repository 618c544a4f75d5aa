/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One user's bytes, and for what they are kept. These are linked through themselves, and accounts are: looking for who has to pay
 * allocates nothing, since then there may be no memory. Bytes are counted by any thread; everything else is guarded by the budget.
 */
final class Account {

    final Long uid;
    private final AtomicLong bytes = new AtomicLong();
    private Holding first;

    /** How many connections hold it, whether or not anything is kept for them. */
    int holders;

    /** The other users'. */
    Account previous;

    Account next;

    Account(Long uid) {
        this.uid = uid;
    }

    long bytes() {
        return bytes.get();
    }

    /** Counts bytes more, or fewer if less than 0; how many there are then. */
    long charge(long more) {
        return bytes.addAndGet(more);
    }

    void add(Holding holding) {
        holding.next = first;
        if (first != null) {
            first.previous = holding;
        }
        first = holding;
    }

    void remove(Holding holding) {
        if (holding.previous == null) {
            first = holding.next;
        } else {
            holding.previous.next = holding.next;
        }
        if (holding.next != null) {
            holding.next.previous = holding.previous;
        }
    }

    /** For what most is kept, on one loop or, with {@code null}, on any; {@code null} if there is nothing. */
    Holding greatest(Worker where) {
        Holding greatest = null;
        long most = 0;
        for (Holding holding = first; holding != null; holding = holding.next) {
            if (holding.bytes() > most && (where == null || holding.worker == where)) {
                most = holding.bytes();
                greatest = holding;
            }
        }
        return greatest;
    }
}
