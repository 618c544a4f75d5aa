/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What is known of users' names, those asked for longest ago forgotten first. Not thread-safe. */
final class NameCache {

    private static final int MAXIMUM = 1000;
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<Long, Entry> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Entry> eldest) {
            return size() > MAXIMUM;
        }
    };

    /** A name, if there is one, and until when it need not be asked for again. */
    record Entry(Optional<String> name, long until) {

        boolean isFresh(long now) {
            return now - until < 0;
        }
    }

    /** What a name service says, if it says anything. */
    record Answer(boolean given, Optional<String> name) {

        static final Answer NONE = new Answer(false, Optional.empty());
    }

    /** What is known of a user; null if nothing is. */
    Entry get(long uid) {
        return entries.get(uid);
    }

    /** Keeps an answer. Where there is none, a name that was known is better than no name. */
    void put(long uid, Answer answer, long now) {
        Entry known = entries.get(uid);
        if (answer.given()) {
            entries.put(uid, new Entry(answer.name(), now + KEPT_NANOS));
        } else {
            entries.put(uid, new Entry(known == null ? Optional.empty() : known.name(), now + RETRY_NANOS));
        }
    }

    /** Forgets who has no name. */
    void forgetNameless() {
        entries.values().removeIf(entry -> entry.name().isEmpty());
    }
}
