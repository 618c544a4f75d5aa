/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.keeper.Doubts;

/** Doubts that a test has. */
public final class FakeDoubts implements Doubts {

    private final List<Consumer<Map<String, Doubt>>> followers = new ArrayList<>();

    public void tell(Map<String, Doubt> doubts) {
        followers.forEach(follower -> follower.accept(doubts));
    }

    @Override
    public void follow(Consumer<Map<String, Doubt>> follower, boolean decides) {
        followers.add(follower);
        follower.accept(Map.of());
    }

    @Override
    public void forget(Consumer<Map<String, Doubt>> follower) {
        followers.remove(follower);
    }
}
