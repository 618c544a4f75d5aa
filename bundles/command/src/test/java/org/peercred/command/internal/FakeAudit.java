/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;

/** Keeps the events. */
final class FakeAudit implements AuditLog {

    final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    boolean wants = true;

    /** The only event so far. */
    AuditEvent event() {
        if (events.size() != 1) {
            throw new AssertionError("One event is expected, not " + events);
        }
        return events.get(0);
    }

    @Override
    public boolean wants(AuditEvent.Type type) {
        return wants;
    }

    @Override
    public void record(AuditEvent event) {
        events.add(event);
    }

    @Override
    public List<Entry> latest() {
        return List.of();
    }

    @Override
    public Subscription follow(BiConsumer<AuditEvent, String> follower) {
        return () -> {};
    }
}
