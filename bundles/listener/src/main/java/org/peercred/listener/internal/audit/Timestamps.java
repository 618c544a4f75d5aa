/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.peercred.listener.internal.audit.file.LineBytes;

/** Writes times of day as RFC 3339 has them, with milliseconds and the offset of the time zone. Remembers the latest second, which most have in common. Not thread-safe. */
final class Timestamps {

    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx");

    private final ZoneId zone;
    private long second = Long.MIN_VALUE;
    private String before;
    private String after;

    Timestamps(ZoneId zone) {
        this.zone = zone;
    }

    /** Appends a time. */
    void append(Instant time, LineBytes target) {
        if (time.getEpochSecond() != second) {
            ZonedDateTime there = time.atZone(zone);
            String newBefore = SECOND.format(there);
            after = OFFSET.format(there);
            before = newBefore;
            second = time.getEpochSecond();
        }
        int millis = time.getNano() / 1_000_000;
        target.append(before)
                .append((char) ('0' + millis / 100))
                .append((char) ('0' + millis / 10 % 10))
                .append((char) ('0' + millis % 10))
                .append(after);
    }
}
