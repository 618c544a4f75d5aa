/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.HashMap;
import java.util.Map;
import org.peercred.listener.internal.ListenerSettings;

/** Counts the open connections of one listener, all loops together, and keeps them within their limits. */
final class Admission {

    private final Map<Long, Integer> byUid = new HashMap<>();
    private int open;

    /**
     * Lets one more in, if there is room.
     *
     * @return false if a limit is reached
     */
    synchronized boolean enter(long uid, ListenerSettings settings) {
        int ofUid = byUid.getOrDefault(uid, 0);
        if (open >= settings.maxConnections() || ofUid >= settings.maxConnectionsPerUid()) {
            return false;
        }
        open++;
        byUid.put(uid, ofUid + 1);
        return true;
    }

    synchronized void leave(long uid) {
        open--;
        byUid.computeIfPresent(uid, (key, count) -> count == 1 ? null : count - 1);
    }

    synchronized int open() {
        return open;
    }
}
