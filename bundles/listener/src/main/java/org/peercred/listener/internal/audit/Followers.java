/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is handed every event. What they throw is said in the log, once a second at most, and ends nothing. */
final class Followers {

    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private volatile Follower current;
    private boolean complained;
    private long complainedAt;

    /** One that is handed events, and the object whose class is named where it is slow. */
    private record Follower(Object named, Consumer<AuditLog.Entry> consumer) {}

    /**
     * Adds one.
     *
     * @param named its class says whose it is
     * @param consumer takes each event
     * @return ends it
     */
    AuditLog.Subscription add(Object named, Consumer<AuditLog.Entry> consumer) {
        Follower follower = new Follower(named, consumer);
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    boolean isEmpty() {
        return followers.isEmpty();
    }

    /** Hands an event to each. Called by one thread. */
    void accept(AuditLog.Entry entry) {
        for (Follower follower : followers) {
            try {
                current = follower;
                follower.consumer().accept(entry);
            } catch (Throwable e) {
                complain("An audit follower failed", e);
            } finally {
                current = null;
            }
        }
    }

    /** The class of the one that is being waited for. */
    Optional<String> slow() {
        Follower follower = current;
        if (follower == null) {
            return Optional.empty();
        }
        String name = follower.named().getClass().getName();
        int lambda = name.indexOf("$$");
        return Optional.of(lambda < 0 ? name : name.substring(0, lambda));
    }

    void complain(String what, Throwable failure) {
        // Called on the writer's thread only.
        long now = System.nanoTime();
        if (complained && now - complainedAt < COMPLAINT_NANOS) {
            return;
        }
        complained = true;
        complainedAt = now;
        try {
            LOG.warn("{}: {}", what, ForeignText.quotable(failure.toString(), AuditEvent.LONGEST));
            LOG.debug("The failure", failure);
        } catch (Throwable e) {
            // Then the log itself is what is broken, and there is nobody left to tell.
        }
    }
}
