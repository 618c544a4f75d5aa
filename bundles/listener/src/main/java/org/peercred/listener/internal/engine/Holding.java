/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.Lane;
import org.peercred.listener.internal.loop.Source;

/**
 * What one connection takes of what all share: its place among the listener's connections, the bytes that are kept for it, and
 * its user's turns in the loop. It is given back once, when the descriptor is closed and not before: what waits to be sent
 * counts until it is gone.
 *
 * <p>What is counted here is never less than its part of what is counted for the user, not even for a moment. So whenever a user
 * has too much, other threads see whose it is: one who has little is never taken for the greatest debtor.
 */
final class Holding {

    /** A source for which bytes are kept that others have to do without. */
    abstract static class Debtor extends Source {

        /** What it takes of what all share; {@code null} if nothing that is counted. */
        final Holding holding;

        Debtor(EventLoop loop, int descriptor, Lane lane, Holding holding) {
            super(loop, descriptor, lane);
            this.holding = holding;
        }

        /** It is this source that has to pay from now on, in place of the one that held the same before. */
        final void owe() {
            holding.debtor = this;
        }

        /** Ends it, since too many bytes are kept for its user. */
        abstract void endOverBudget();
    }

    final Worker worker;
    private final ConnectionCount.Place place;
    private final Account account;
    private final Lane lane;
    private Debtor debtor;
    private volatile long bytes;
    private volatile boolean released;
    /** Whether the budget knows whose it is. */
    private boolean linked;

    /** The user's others; guarded by the budget. */
    Holding previous;

    Holding next;

    private Holding(Worker worker, ConnectionCount.Place place, Account account, Lane lane) {
        this.worker = worker;
        this.place = place;
        this.account = account;
        this.lane = lane;
    }

    /**
     * Takes a place. Called on the loop.
     *
     * @return {@code null} if the listener has none left
     */
    static Holding of(Shard shard, long uid) {
        ConnectionCount.Place place = shard.listener.connectionCount().enter(uid, shard.settings());
        if (place == null) {
            return null;
        }
        Worker worker = shard.worker;
        Account account = null;
        Lane lane = null;
        try {
            account = worker.budget.open(uid);
            lane = worker.loop.lanes.enter(uid);
            return new Holding(worker, place, account, lane);
        } catch (Throwable e) {
            if (lane != null) {
                worker.loop.lanes.leave(lane);
            }
            if (account != null) {
                worker.budget.close(account);
            }
            place.leave();
            throw e;
        }
    }

    Lane lane() {
        return lane;
    }

    /** Has the debtor pay. Called on the loop. */
    void collect() {
        try {
            debtor.endOverBudget();
        } catch (Throwable e) {
            worker.loop.failed(debtor, e);
        }
    }

    /**
     * Counts bytes that are kept from now on, or no longer. May be called by any thread.
     *
     * @param more bytes, less than 0 if they are kept no longer
     * @return false if everything was given back already: then nothing was counted
     */
    boolean keep(long more) {
        return more == 0 ? !released : count(more);
    }

    private synchronized boolean count(long more) {
        if (released) {
            return false;
        }
        if (more > 0) {
            bytes += more;
            if (!linked) {
                worker.budget.add(account, this);
                linked = true;
            }
            worker.budget.charge(account, more);
        } else {
            worker.budget.charge(account, more);
            bytes += more;
        }
        return true;
    }

    /** How many bytes are kept. May be called by any thread. */
    long bytes() {
        return bytes;
    }

    /** Gives everything back; again, does nothing. Called on the loop. Allocates nothing. */
    void release() {
        assert worker.loop.isCurrent();
        boolean known;
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            known = linked;
            if (known) {
                worker.budget.charge(account, -bytes);
                bytes = 0;
            }
        }
        if (known) {
            worker.budget.close(account, this);
        } else {
            worker.budget.close(account);
        }
        worker.loop.lanes.leave(lane);
        place.leave();
    }
}
