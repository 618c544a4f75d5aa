/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * Who may start a command now and who waits: the commands of one user in the order in which they came, users who wait in turn.
 * Keeps its books right whatever is thrown: what can fail, fails before anything is changed. Safe to be used by any thread.
 *
 * @param <T> a command
 */
final class Lanes<T extends Lanes.Place<T>> {

    /** What becomes of a command that has just come. */
    enum Entry {
        /** It is to be started. */
        START,
        /** It waits until {@link Lanes#next} gives it out. */
        WAIT,
        /** No commands are taken any more. */
        CLOSED
    }

    /** A command's place. */
    abstract static class Place<T extends Place<T>> extends Chain.Link<T> {
        private Lane<T> lane;
        private boolean settled;
        private boolean waited;

        /** Whether it had to wait. For who was given it out. */
        final boolean hasWaited() {
            return waited;
        }
    }

    /** One user's commands. */
    private static final class Lane<T extends Place<T>> extends Chain.Link<Lane<T>> {
        private final Long uid;
        private final Chain<T> waiting = new Chain<>();
        private int running;

        Lane(long uid) {
            this.uid = uid;
        }
    }

    private final int total;
    private final int perUser;
    private final Map<Long, Lane<T>> byUid = new HashMap<>();
    private final Chain<Lane<T>> inTurn = new Chain<>();
    private int running;
    private boolean closed;

    /**
     * Starts with nobody.
     *
     * @param total commands that run at a time
     * @param perUser those of one user among them
     */
    Lanes(int total, int perUser) {
        this.total = total;
        this.perUser = perUser;
    }

    synchronized Entry enter(long uid, T command) {
        if (closed) {
            return Entry.CLOSED;
        }
        Lane<T> lane = lane(uid);
        Place<T> place = command;
        place.lane = lane;
        if (lane.waiting.isEmpty() && lane.running < perUser && running < total) {
            lane.running++;
            running++;
            return Entry.START;
        }
        lane.waiting.add(command);
        place.waited = true;
        return Entry.WAIT;
    }

    private Lane<T> lane(long uid) {
        Lane<T> known = byUid.get(uid);
        if (known != null) {
            return known;
        }
        Lane<T> lane = new Lane<>(uid);
        try {
            byUid.put(lane.uid, lane);
        } catch (Throwable e) {
            // The map was to grow, and may hold it all the same.
            byUid.remove(lane.uid);
            throw e;
        }
        inTurn.add(lane);
        return lane;
    }

    /** A command that was to be started begins; false if that was {@link #undo undone}. */
    synchronized boolean begin(T command) {
        return settle(command);
    }

    /** A command could not be started; false if it has begun nevertheless. */
    synchronized boolean undo(T command) {
        Place<T> place = command;
        if (!settle(command)) {
            return false;
        }
        ended(place.lane);
        return true;
    }

    private boolean settle(T command) {
        Place<T> place = command;
        boolean first = !place.settled;
        place.settled = true;
        return first;
    }

    /**
     * A command has ended. What was made room for by that is one command at most: one of those that wait.
     *
     * @param ended that command
     * @return another that has begun; {@code null} if none may
     */
    synchronized T next(T ended) {
        Place<T> place = ended;
        ended(place.lane);
        return giveOut();
    }

    /**
     * After some command was {@link #undo undone}.
     *
     * @return one of those that wait, which is to be started in its stead; {@code null} if none may
     */
    synchronized T vacant() {
        return running < total ? giveOut() : null;
    }

    private T giveOut() {
        for (Lane<T> lane = inTurn.first(); lane != null; lane = lane.after()) {
            if (!lane.waiting.isEmpty() && lane.running < perUser) {
                T command = lane.waiting.first();
                lane.waiting.remove(command);
                lane.running++;
                running++;
                inTurn.remove(lane);
                inTurn.add(lane);
                return command;
            }
        }
        return null;
    }

    /** A command waits no longer; false if it does not wait. */
    synchronized boolean leave(T command) {
        Place<T> place = command;
        if (place.lane == null || !place.lane.waiting.remove(command)) {
            return false;
        }
        forgetIfIdle(place.lane);
        return true;
    }

    /** Takes no more commands. */
    synchronized void close() {
        closed = true;
    }

    /** Takes out one of those that wait; {@code null} if none does. */
    synchronized T drain() {
        for (Lane<T> lane = inTurn.first(); lane != null; lane = lane.after()) {
            T command = lane.waiting.first();
            if (command != null) {
                leave(command);
                return command;
            }
        }
        return null;
    }

    /** How many users have commands that run or wait. */
    synchronized int users() {
        return byUid.size();
    }

    private void ended(Lane<T> lane) {
        lane.running--;
        running--;
        forgetIfIdle(lane);
    }

    private void forgetIfIdle(Lane<T> lane) {
        if (lane.running == 0 && lane.waiting.isEmpty()) {
            byUid.remove(lane.uid);
            inTurn.remove(lane);
        }
    }
}
