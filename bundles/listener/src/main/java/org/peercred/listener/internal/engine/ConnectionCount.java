/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.HashMap;
import java.util.Map;
import org.peercred.listener.internal.ListenerSettings;

/** Counts the open connections of one listener, all loops together, and keeps them within their limits. */
final class ConnectionCount {

    /** One user's connections here. */
    final class Place {

        private final Long uid;
        private int count;

        private Place(Long uid) {
            this.uid = uid;
        }

        /** One of them is gone. Allocates nothing. */
        void leave() {
            synchronized (ConnectionCount.this) {
                open--;
                if (--count == 0) {
                    byUid.remove(uid);
                }
            }
        }
    }

    private final Map<Long, Place> byUid = new HashMap<>();
    private int open;

    /**
     * Lets one more in, if there is room.
     *
     * @return where to leave by; {@code null} if a limit is reached
     */
    synchronized Place enter(long uid, ListenerSettings settings) {
        Long key = uid;
        Place place = byUid.get(key);
        int ofUid = place == null ? 0 : place.count;
        if (open >= settings.maxConnections() || ofUid >= settings.maxConnectionsPerUid()) {
            return null;
        }
        if (place == null) {
            place = new Place(key);
            byUid.put(key, place);
        }
        place.count++;
        open++;
        return place;
    }

    synchronized int open() {
        return open;
    }
}
