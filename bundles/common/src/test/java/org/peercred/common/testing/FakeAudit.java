/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;

/** Keeps all events, and hands them on at once. */
public final class FakeAudit implements AuditLog {

    public final List<Consumer<Entry>> followers = new CopyOnWriteArrayList<>();

    /** What happens as soon as somebody follows. */
    public Runnable whenFollowed = () -> {};

    private final List<Entry> entries = new ArrayList<>();

    /** An event. */
    public static AuditEvent event(AuditEvent.Type type, String listener, long connection, long uid) {
        return new AuditEvent(
                Instant.EPOCH,
                type,
                listener,
                connection,
                uid,
                uid,
                OptionalInt.empty(),
                "connect",
                Optional.empty(),
                "",
                Map.of());
    }

    @Override
    public boolean wants(AuditEvent.Type type) {
        return true;
    }

    @Override
    public synchronized void record(AuditEvent event) {
        Entry entry = new Entry(event, "event=" + event.type().label() + " connection=" + event.connection());
        entries.add(entry);
        followers.forEach(follower -> follower.accept(entry));
    }

    @Override
    public void missed(Throwable cause) {}

    @Override
    public synchronized List<Entry> latest() {
        return List.copyOf(entries);
    }

    @Override
    public Subscription followEntries(Consumer<Entry> follower) {
        followers.add(follower);
        whenFollowed.run();
        return () -> followers.remove(follower);
    }
}
