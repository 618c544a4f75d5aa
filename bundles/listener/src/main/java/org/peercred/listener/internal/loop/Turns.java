/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is on a loop. Sources of one owner share a lane, and a lane that had its share of a round waits until the others
 * had theirs: who opens many connections does not get more time for that. While few are ready, nothing is measured.
 * Who waits is linked through the sources and lanes themselves, so that queueing allocates nothing and cannot fail half-way.
 * Touched by the loop's thread alone.
 */
public final class Turns {

    /** A lane's share of a round. */
    static final long QUANTUM_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** So few turns at once are not worth being measured: together they are short enough. */
    private static final int FEW = 4;

    private final EventLoop loop;
    /** Those in which somebody waits, in the order in which they will be served. */
    private Lane first;

    private Lane last;
    private long round;
    private boolean measured;
    private long began;

    Turns(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether anybody waits, so that the loop must not sleep. */
    boolean pending() {
        return first != null;
    }

    /** Has the current turn measured from here on, also where few are ready and no turn is. */
    public void measure() {
        began = System.nanoTime();
        measured = true;
    }

    /**
     * Whether the current turn has taken so long that the others should have theirs.
     *
     * @return true when its share of time is used up
     */
    public boolean isOver() {
        return isOver(QUANTUM_NANOS);
    }

    /**
     * Whether the current turn has taken so long, without what was done on the account of others.
     *
     * @param nanos what it may take, in nanoseconds
     * @return true when that is used up
     */
    public boolean isOver(long nanos) {
        return System.nanoTime() - began > nanos;
    }

    /**
     * Begins a round.
     *
     * @param count how many sources are ready
     * @param now by {@link System#nanoTime()}
     */
    void begin(int count, long now) {
        round++;
        loop.lanes.forgetLeft();
        began = now;
        measured = count > FEW || pending();
    }

    /** Gives a ready source its turn, now or later in its lane. */
    void ready(Source source, int events) {
        Lane lane = source.lane;
        if (lane == null) {
            loop.turn(source, events);
        } else if (source.queued) {
            source.queuedEvents |= events;
        } else if (isFree(lane)) {
            run(source, events);
        } else {
            queue(source, events);
        }
    }

    /**
     * Gives a source another turn, after those who wait in its lane already.
     *
     * @param source in the loop, with a lane
     */
    public void again(Source source) {
        assert loop.isMine();
        if (!source.queued) {
            queue(source, 0);
        }
    }

    private boolean isFree(Lane lane) {
        return lane.first == null && spent(lane) < QUANTUM_NANOS;
    }

    /**
     * Gives a source a turn that another one's turn brings about: at once, on its own lane's account, or after those who wait in it.
     *
     * @param source in the loop, with a lane
     */
    public void now(Source source) {
        assert loop.isMine();
        Lane lane = source.lane;
        if (!isFree(lane)) {
            again(source);
            return;
        }
        long outer = began;
        began = System.nanoTime();
        loop.turn(source, 0);
        long took = System.nanoTime() - began;
        lane.spent = spent(lane) + took;
        began = outer + took;
        measured = true;
    }

    /** Serves those who wait: each lane what is left of its share, and one turn at least. */
    void serve() {
        Lane end = last;
        for (Lane lane = first; lane != null; lane = lane == end ? null : first) {
            measured = true;
            first = lane.next;
            last = first == null ? null : last;
            lane.next = null;
            do {
                Source source = lane.first;
                int events = source.queuedEvents;
                lane.first = source.nextQueued;
                source.nextQueued = null;
                source.queued = false;
                if (loop.sources.has(source)) {
                    run(source, events);
                }
            } while (lane.first != null && spent(lane) < QUANTUM_NANOS);
            lane.busy = false;
            if (lane.first != null) {
                append(lane);
            }
        }
    }

    private void queue(Source source, int events) {
        Lane lane = source.lane;
        source.queued = true;
        source.queuedEvents = events;
        if (lane.first == null) {
            lane.first = source;
        } else {
            lane.last.nextQueued = source;
        }
        lane.last = source;
        if (!lane.busy) {
            append(lane);
        }
    }

    private void append(Lane lane) {
        lane.busy = true;
        if (first == null) {
            first = lane;
        } else {
            last.next = lane;
        }
        last = lane;
    }

    private void run(Source source, int events) {
        loop.turn(source, events);
        if (measured) {
            long now = System.nanoTime();
            source.lane.spent = spent(source.lane) + now - began;
            began = now;
        }
    }

    private long spent(Lane lane) {
        if (lane.round != round) {
            lane.round = round;
            lane.spent = 0;
        }
        return lane.spent;
    }
}
