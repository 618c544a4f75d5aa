/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.ArrayDeque;
import java.util.List;
import org.peercred.access.AuditLog;

/** The latest events, kept in memory for who wants to look: a number of them, or fewer where they take more memory than that. */
final class AuditRing {

    static final int CAPACITY = 1000;

    /** About the most heap that the texts of all take, in bytes. */
    static final long MOST_WEIGHT = 4 << 20;

    private final ArrayDeque<AuditLog.Entry> entries = new ArrayDeque<>(CAPACITY + 1);
    private long weight;

    synchronized void add(AuditLog.Entry entry) {
        entries.addLast(entry);
        weight += weight(entry);
        while (entries.size() > CAPACITY || (weight > MOST_WEIGHT && entries.size() > 1)) {
            weight -= weight(entries.removeFirst());
        }
    }

    synchronized List<AuditLog.Entry> entries() {
        return List.copyOf(entries);
    }

    private static long weight(AuditLog.Entry entry) {
        return 2L * (entry.line().length() + Texts.length(entry.event()));
    }
}
