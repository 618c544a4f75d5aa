/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.peercred.common.threads.Supervised;
import org.peercred.credentials.Peer;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.audit.NameCache.Answer;

/**
 * User names for the log, kept for a minute. They are looked up by threads of their own, so that whoever writes the log waits for a
 * name service a little where it is known to be quick, and not at all where it is not. A look-up that hangs is left to itself, and
 * another thread takes its place, up to a few. The database may come and go. May be used by any thread.
 */
public final class UserNames implements AutoCloseable {

    /** How many look up at a time. */
    static final int THREADS = 2;

    /** How many threads there can be, those that hang included. */
    static final int MOST_THREADS = 8;

    private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_REQUESTS = 256;
    private static final long ROOT = 0;

    private final Object lock = new Object();
    private final NameCache cache = new NameCache();
    private final Patience patience;
    private final Queue<Long> requests = new ArrayDeque<>(MOST_REQUESTS);
    private final Set<Long> pending = new HashSet<>();
    private final List<Lookups> active = new ArrayList<>();
    private Lookups spare = new Lookups();
    private int threads;
    private UserDatabase database;
    private boolean closed;

    /** Starts without a database: nobody has a name. */
    public UserNames() {
        this(new Patience(System.nanoTime()));
    }

    /** Starts with another patience. */
    UserNames(Patience patience) {
        this.patience = patience;
    }
    /**
     * Sets where names come from.
     *
     * @param newDatabase the database
     */
    public void use(UserDatabase newDatabase) {
        synchronized (lock) {
            database = newDatabase;
            patience.renew();
            cache.forgetNameless();
            // The first look-up of a process loads libraries; nobody shall have to wait for that.
            request(ROOT, System.nanoTime());
        }
    }

    /**
     * Stops asking a database, if it is the one that is asked.
     *
     * @param oldDatabase the database
     */
    public void drop(UserDatabase oldDatabase) {
        synchronized (lock) {
            if (database == oldDatabase) {
                database = null;
                pending.removeAll(requests);
                requests.clear();
                lock.notifyAll();
            }
        }
    }

    /** Ends the threads, but for those that hang, which end when they do not any more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            active.forEach(lookups -> lookups.thread.stop());
            lock.notifyAll();
        }
    }

    /** A user's name as far as it is known now, or within a moment. */
    Optional<String> of(long uid) {
        if (uid == Peer.NO_PEER) {
            return Optional.empty();
        }
        synchronized (lock) {
            long now = System.nanoTime();
            NameCache.Entry entry = cache.get(uid);
            if (entry != null && entry.isFresh(now)) {
                return entry.name();
            }
            boolean requested = request(uid, now);
            if (entry != null) {
                return entry.name();
            }
            return requested ? await(uid, now) : Optional.empty();
        }
    }

    private Optional<String> await(long uid, long start) {
        long end = start + patience.nanos(start);
        long now = start;
        while (pending.contains(uid) && end - now > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(lock, end - now);
            } catch (InterruptedException e) {
                // The log's thread is ended by other means; somebody who was handed an event did this.
                break;
            }
            now = System.nanoTime();
        }
        NameCache.Entry entry = cache.get(uid);
        patience.waited(now - start, entry != null);
        return entry == null ? Optional.empty() : entry.name();
    }

    /** Asks for a name to be looked up. Returns whether that will be done. */
    private boolean request(long uid, long now) {
        if (database == null || closed) {
            return false;
        }
        abandonHanging(now);
        if (!hasThread()) {
            return false;
        }
        if (pending.contains(uid)) {
            return true;
        }
        if (requests.size() >= MOST_REQUESTS) {
            return false;
        }
        requests.add(uid);
        pending.add(uid);
        lock.notifyAll();
        return true;
    }

    private void abandonHanging(long now) {
        for (int i = active.size() - 1; i >= 0; i--) {
            Lookups lookups = active.get(i);
            if (lookups.busy && now - lookups.since > HANGING_NANOS) {
                lookups.abandoned = true;
                active.remove(i);
                learn(lookups.uid, Answer.NONE, now);
            }
        }
    }

    /** Whether there is a thread that does not hang, after trying to have one that is not busy. */
    private boolean hasThread() {
        if (active.size() < THREADS
                && threads < MOST_THREADS
                && active.stream().allMatch(lookups -> lookups.busy)
                && spare.thread.start()) {
            active.add(spare);
            threads++;
            spare = new Lookups();
        }
        return !active.isEmpty();
    }

    private void learn(long uid, Answer answer, long now) {
        cache.put(uid, answer, now);
        pending.remove(uid);
        lock.notifyAll();
    }

    private static Answer ask(UserDatabase database, long uid) {
        try {
            return new Answer(true, Objects.requireNonNull(database.userName(uid)));
        } catch (Throwable e) {
            // Foreign code, perhaps of a bundle that is half gone. The line shows that there is no name.
            return Answer.NONE;
        }
    }

    /** What one thread does. Its fields are guarded by the lock. */
    private final class Lookups implements Runnable {
        private final Supervised thread = new Supervised("peercred-names", this);
        private boolean busy;
        private boolean abandoned;
        private long uid;
        private long since;

        @Override
        public void run() {
            for (UserDatabase asked = next(); asked != null; asked = next()) {
                Answer answer = ask(asked, uid);
                synchronized (lock) {
                    long now = System.nanoTime();
                    patience.answered(now - since);
                    learn(uid, answer, now);
                }
            }
        }

        /** Waits for a request; null if there will be none. */
        private UserDatabase next() {
            synchronized (lock) {
                if (busy) {
                    busy = false;
                    pending.remove(uid);
                }
                while (requests.isEmpty() && !closed && !abandoned) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        // Whoever was asked did that; this thread is ended by other means.
                    }
                }
                if (closed || abandoned) {
                    threads--;
                    return null;
                }
                uid = requests.remove();
                since = System.nanoTime();
                busy = true;
                return database;
            }
        }
    }
}
