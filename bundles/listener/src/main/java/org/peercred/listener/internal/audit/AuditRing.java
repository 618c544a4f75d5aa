/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.ArrayDeque;
import java.util.List;
import org.peercred.access.AuditLog;

/** The latest events, kept in memory for who wants to look. */
final class AuditRing {

    private static final int CAPACITY = 1000;

    private final ArrayDeque<AuditLog.Entry> entries = new ArrayDeque<>(CAPACITY);

    synchronized void add(AuditLog.Entry entry) {
        if (entries.size() == CAPACITY) {
            entries.removeFirst();
        }
        entries.addLast(entry);
    }

    synchronized List<AuditLog.Entry> entries() {
        return List.copyOf(entries);
    }
}
