/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;

/**
 * The latest events, kept in memory for who wants to look: a number of them, or fewer where they take more memory than that. Their
 * lines are made when somebody does. May be used by any thread.
 */
final class AuditRing {

    static final int CAPACITY = 1000;

    /** About the most heap that the texts of all take, in bytes. */
    static final long MOST_WEIGHT = 4 << 20;

    private final ArrayDeque<Kept> events = new ArrayDeque<>(CAPACITY + 1);
    private long weight;

    private record Kept(AuditEvent event, Optional<String> user, long count, boolean others, long weight) {

        AuditLog.Entry entry() {
            return new AuditLog.Entry(event, AuditLine.of(event, user, count, others), count);
        }
    }

    /**
     * Keeps an event, with the parameters of {@link AuditFields#tell}.
     *
     * @param length how long its line is, in bytes
     */
    synchronized void add(AuditEvent event, Optional<String> user, long count, boolean others, int length) {
        Kept kept = new Kept(event, user, count, others, 2L * (length + Texts.length(event)));
        events.addLast(kept);
        weight += kept.weight();
        while (events.size() > CAPACITY || (weight > MOST_WEIGHT && events.size() > 1)) {
            weight -= events.removeFirst().weight();
        }
    }

    List<AuditLog.Entry> entries() {
        List<Kept> latest;
        synchronized (this) {
            latest = new ArrayList<>(events);
        }
        return latest.stream().map(Kept::entry).toList();
    }
}
