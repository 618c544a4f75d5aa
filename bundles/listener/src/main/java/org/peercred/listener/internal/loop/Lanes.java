/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.HashMap;
import java.util.Map;

/**
 * Who shares turns with whom on a loop. A lane that nobody holds any more is kept until the next round, so that nobody gets a share
 * anew by going and coming. Touched by the loop's thread alone.
 */
public final class Lanes {

    private final EventLoop loop;
    private final Map<Long, Lane> lanes = new HashMap<>();
    /** Those that nobody holds any more. */
    private Lane firstLeft;

    Lanes(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Has one more source share turns.
     *
     * @param owner a number for whose it is
     * @return the lane, until it is left
     */
    public Lane enter(long owner) {
        assert loop.isMine();
        Long key = owner;
        Lane lane = lanes.get(key);
        if (lane == null) {
            lane = new Lane(key);
            lanes.put(key, lane);
        }
        lane.holders++;
        return lane;
    }

    /**
     * One that entered is gone. Allocates nothing.
     *
     * @param lane what it got
     */
    public void leave(Lane lane) {
        assert loop.isMine();
        if (--lane.holders == 0 && !lane.left) {
            lane.left = true;
            lane.nextLeft = firstLeft;
            firstLeft = lane;
        }
    }

    /** Another round begins. */
    void forgetLeft() {
        for (Lane lane = firstLeft; lane != null; lane = firstLeft) {
            firstLeft = lane.nextLeft;
            lane.nextLeft = null;
            lane.left = false;
            if (lane.holders == 0) {
                lanes.remove(lane.owner);
            }
        }
    }
}
