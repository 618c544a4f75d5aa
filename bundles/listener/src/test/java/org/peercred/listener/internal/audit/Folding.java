/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.peercred.access.AuditEvent;

/** An intake whose time a test makes, and what a writer makes of it. */
final class Folding {

    final Intake intake = new Intake(0);
    final List<String> lines = new ArrayList<>();

    /** An event comes in, and is written if it is not folded. */
    void take(AuditEvent event, long now) {
        expire(now);
        intake.take(event, now);
        write();
    }

    /** An event comes in while the writer does something else. */
    void pile(AuditEvent event, long now) {
        intake.take(event, now);
    }

    void expire(long now) {
        intake.due(now, false);
        write();
    }

    void flush(long now) {
        intake.due(now, true);
        intake.due(now, true);
        write();
    }

    void write() {
        while (writeOne()) {
            // One more.
        }
    }

    /** Writes all lines of the next item. */
    boolean writeOne() {
        Item item = intake.next();
        if (item == null) {
            return false;
        }
        while (item.tell((event, count, others) -> {
            String line = AuditLine.of(event, Optional.empty(), count, others);
            lines.add(line);
            return Texts.bytes(line);
        })) {
            // One more.
        }
        return true;
    }

    long sum() {
        return Lines.count(lines);
    }

    /** The lines that have a text. */
    List<String> with(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }
}
