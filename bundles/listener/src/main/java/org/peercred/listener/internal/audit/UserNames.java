/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/**
 * User names for the log, kept for a minute. Looked up by the audit thread alone; the database may come and go. A name service
 * that is slow is asked seldom, since the audit, and with it whoever wants to connect, would have to wait for it.
 */
public final class UserNames {

    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAXIMUM = 1000;
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long REST_FACTOR = 20;

    private volatile UserDatabase database;
    private long restedAt = System.nanoTime();
    private final Map<Long, Entry> cache = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Entry> eldest) {
            return size() > MAXIMUM;
        }
    };

    private record Entry(Optional<String> name, long since) {}

    /**
     * Sets where names come from.
     *
     * @param newDatabase the database
     */
    public synchronized void use(UserDatabase newDatabase) {
        database = newDatabase;
    }

    /**
     * Stops asking a database, if it is the one that is asked.
     *
     * @param oldDatabase the database
     */
    public synchronized void drop(UserDatabase oldDatabase) {
        if (database == oldDatabase) {
            database = null;
        }
    }

    Optional<String> of(long uid) {
        long now = System.nanoTime();
        Entry entry = cache.get(uid);
        if (entry == null || now - entry.since() > KEPT_NANOS) {
            if (now - restedAt < 0) {
                return entry == null ? Optional.empty() : entry.name();
            }
            entry = new Entry(ask(uid), now);
            cache.remove(uid);
            cache.put(uid, entry);
        }
        return entry.name();
    }

    private Optional<String> ask(long uid) {
        UserDatabase current = database;
        if (current == null) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        try {
            return current.userName(uid);
        } catch (NameServiceException | RuntimeException | LinkageError e) {
            return Optional.empty();
        } finally {
            long now = System.nanoTime();
            if (now - start > SLOW_NANOS) {
                restedAt = now + REST_FACTOR * (now - start);
            }
        }
    }
}
