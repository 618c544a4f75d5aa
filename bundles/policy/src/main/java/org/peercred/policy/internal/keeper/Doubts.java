/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.Map;
import java.util.function.Consumer;

/** Tells which configurations must not count as they are. May be used by any thread. */
public interface Doubts {

    /**
     * Tells it now, before this method returns, and after every change. A follower that throws is told again within seconds.
     *
     * @param follower given the doubts by PID; may be called by any thread, by one at a time
     * @param decides whether it decides anything: such are told after all others, on whom they may depend
     */
    void follow(Consumer<Map<String, Doubt>> follower, boolean decides);

    /**
     * Tells it no longer.
     *
     * @param follower who was told
     */
    void forget(Consumer<Map<String, Doubt>> follower);
}
