/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import org.peercred.access.AuditEvent;

/**
 * Where events wait for the writer, and where it is decided in the caller's thread which of them do: what falls into an open fold
 * only adds to a count there, as does everything of a user who has had too much written, or too much waiting. What waits is bounded by weight,
 * which is about the heap that it takes. May be used by any thread; the lock is never held for longer than a look at some tables.
 */
final class Intake {

    /** From here on, nobody new shall be let in. */
    static final long BEHIND = 4 << 20;

    /** What one user may have waiting before nothing more shall be read from them. */
    static final long SHARE = BEHIND / 8;

    /** From here on, events of who has their share waiting are counted only. */
    static final long FULL = 2 * BEHIND;

    /** From here on, all are. */
    static final long OVERFULL = 3 * BEHIND;

    /** What an event weighs beside its texts: itself, its time, map and place in the queue. */
    private static final int EVENT_WEIGHT = 200;

    private static final int CHARACTER_WEIGHT = 2;

    /** So many are handed to the writer under one lock: each one is a chance that a loop has to wait for it. */
    private static final int BATCH = 64;

    /** What a line has beside the event's texts: the keys, ids, and what the logger puts before it. */
    private static final int LINE_SIZE = 170;

    private static final String TOO_MUCH_WAITS = "more events than can be written: the rest is counted";

    private final Folds folds = new Folds();
    private final Accounts accounts;
    private final Greedy greedy = new Greedy((int) (2 * OVERFULL / SHARE) + 16);
    private final Item[] batch = new Item[BATCH];
    private int batched;
    private volatile int handedOut;
    private Item first;
    private Item last;
    private long sizePerUser;
    private String tooMuch = "";
    private volatile long weight;
    private int waiting;

    Intake(long now) {
        accounts = new Accounts(now);
    }

    /**
     * Bounds what one user may have written in a minute.
     *
     * @param bytes how much; 0 for no bound
     */
    synchronized void sizePerUser(long bytes) {
        sizePerUser = bytes;
        tooMuch = "more than " + Sizes.show(bytes) + " of this user's lines in a minute: the rest is counted";
    }

    /** Takes an event. */
    void take(AuditEvent given, long now) {
        AuditEvent event = Texts.fitted(given);
        int length = Texts.length(event);
        synchronized (this) {
            Account account = accounts.of(event.uid(), now);
            if (sizePerUser > 0 && account.written(now) >= sizePerUser) {
                folds.flood(event, tooMuch, now);
            } else if (weight >= OVERFULL || (weight >= FULL && account.waiting >= SHARE)) {
                folds.flood(event, TOO_MUCH_WAITS, now);
            } else if (!event.isRefusal() || !folds.fold(event, now)) {
                append(Item.of(event, account, EVENT_WEIGHT + CHARACTER_WEIGHT * length, LINE_SIZE + length));
                account.add(LINE_SIZE + length);
            }
        }
    }

    /** Queues what has been counted for a second, or, if need be, for less. */
    synchronized void due(long now, boolean all) {
        accounts.sweep(now);
        if (folds.isDue(now) || all) {
            folds.due(now, all, tallies -> append(Item.of(tallies, accounts.of(tallies.uid(), now))));
        }
    }

    /** Whether {@link #next} has some to hand out that it took already. Called by the writer. */
    boolean hasBatch() {
        return handedOut < batched;
    }

    /**
     * The next to be written. Called by the writer, and only once the one before has been written.
     *
     * @return null if there is none
     */
    Item next() {
        int at = handedOut;
        if (at == batched) {
            at = 0;
            takeBatch();
        }
        if (at == batched) {
            return null;
        }
        handedOut = at + 1;
        return batch[at];
    }

    private synchronized void takeBatch() {
        for (int i = 0; i < batched; i++) {
            release(batch[i]);
            batch[i] = null;
        }
        int taken = 0;
        while (first != null && taken < BATCH) {
            Item item = first;
            first = item.next;
            item.next = null;
            batch[taken++] = item;
        }
        if (first == null) {
            last = null;
        }
        handedOut = 0;
        batched = taken;
    }

    /** Whether nothing waits or will. */
    synchronized boolean isIdle() {
        return first == null && folds.isEmpty();
    }

    /** Whether nothing is being counted. */
    synchronized boolean isFolding() {
        return !folds.isEmpty();
    }

    boolean isBehind() {
        return weight > BEHIND;
    }

    boolean isBehind(long uid) {
        return weight > SHARE / 2 && greedy.has(uid);
    }

    /** How many wait, those included that are being written or have just been. */
    synchronized int waiting() {
        return waiting;
    }

    /** How many events wait and are counted, but for those that are being written. */
    synchronized long untold() {
        long untold = folds.total();
        for (int i = handedOut; i < batched; i++) {
            untold += batch[i].untold();
        }
        for (Item item = first; item != null; item = item.next) {
            untold += item.untold();
        }
        return untold;
    }

    /** About how many bytes those take. */
    long weight() {
        return weight;
    }

    /** How many users are remembered. */
    synchronized int users() {
        return accounts.size();
    }

    private void append(Item item) {
        if (last == null) {
            first = item;
        } else {
            last.next = item;
        }
        last = item;
        put(item.account, item.weight, 1);
    }

    private void release(Item item) {
        item.account.add(item.surplus());
        put(item.account, -item.weight, -1);
    }

    private void put(Account account, int more, int items) {
        long now = weight + more;
        weight = now;
        waiting += items;
        account.waiting += more;
        if (!account.greedy && account.waiting >= SHARE) {
            account.greedy = true;
            greedy.add(account.uid);
        } else if (account.greedy && account.waiting < SHARE / 2) {
            account.greedy = false;
            greedy.remove(account.uid);
        }
    }
}
