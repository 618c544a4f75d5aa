/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Doubts as they stand, and who is told of them. Until the first are known everything is closed. */
final class DoubtBook implements Doubts {

    private final List<Consumer<Map<String, Doubt>>> followers = new ArrayList<>(8);
    private boolean untold;
    private Map<String, Doubt> current =
            Map.of(Doubt.ALL, new Doubt(Doubt.ALL, "The configuration files have not been looked at yet.", true));

    /** Tells of these in place of those before. A follower that fails is told again, since the change did not take place then. */
    synchronized void replace(Map<String, Doubt> doubts) {
        if (untold || !doubts.equals(current)) {
            Map<String, Doubt> next = Map.copyOf(doubts);
            untold = true;
            followers.forEach(follower -> follower.accept(next));
            current = next;
            untold = false;
        }
    }

    synchronized Map<String, Doubt> current() {
        return current;
    }

    @Override
    public synchronized void follow(Consumer<Map<String, Doubt>> follower, boolean decides) {
        followers.add(decides ? followers.size() : 0, follower);
        boolean before = untold;
        untold = true;
        follower.accept(current);
        untold = before;
    }

    @Override
    public synchronized void forget(Consumer<Map<String, Doubt>> follower) {
        followers.remove(follower);
    }
}
