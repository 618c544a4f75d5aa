/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;

class AuditRingTest {

    private final AuditRing ring = new AuditRing();

    @Test
    void shows_the_lines_as_they_were_written() {
        AuditEvent event = Events.of(AuditEvent.Type.DENIED, 1001, "no \u20ac \u0001");
        ring.add(event, Optional.of("guest"), 3, true, 100);
        ring.add(event, Optional.empty(), 1, false, 100);
        assertEquals(
                List.of(
                        new AuditLog.Entry(event, AuditLine.of(event, Optional.of("guest"), 3, true), 3),
                        new AuditLog.Entry(event, AuditLine.of(event, Optional.empty(), 1, false))),
                ring.entries());
    }

    @Test
    void keeps_the_latest_in_their_order() {
        for (int i = 0; i < 2 * AuditRing.CAPACITY; i++) {
            ring.add(Events.of(AuditEvent.Type.CLOSED, i, "x"), Optional.empty(), 1, false, 100);
        }
        List<AuditLog.Entry> entries = ring.entries();
        assertEquals(AuditRing.CAPACITY, entries.size());
        for (int i = 0; i < entries.size(); i++) {
            assertEquals(AuditRing.CAPACITY + i, entries.get(i).event().uid());
            assertTrue(entries.get(i).line().contains(" uid=" + (AuditRing.CAPACITY + i) + " "));
        }
    }

    @Test
    void keeps_fewer_of_long_lines_but_always_the_latest() {
        int half = (int) AuditRing.MOST_WEIGHT / 4;
        for (int i = 0; i < 5; i++) {
            ring.add(Events.of(AuditEvent.Type.CLOSED, i, "x"), Optional.empty(), 1, false, half);
        }
        assertEquals(1, ring.entries().size());
        ring.add(Events.of(AuditEvent.Type.CLOSED, 9, "x"), Optional.empty(), 1, false, 9 * half);
        assertEquals(9, ring.entries().get(0).event().uid());
    }
}
