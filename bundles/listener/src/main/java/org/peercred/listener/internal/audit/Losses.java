/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.peercred.access.AuditEvent;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.audit.file.FileException;

/** Counts events that were taken and could not be written. May be used by any thread; counting allocates nothing. */
final class Losses {

    private static final String NOBODY = "-";

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong all = new AtomicLong();
    private volatile Throwable cause;

    void add(long events, Throwable why) {
        if (events > 0) {
            cause = why;
            count.addAndGet(events);
            all.addAndGet(events);
        }
    }

    /** How many there were, told of or not. */
    long all() {
        return all.get();
    }

    /** How many have not been told of. */
    long untold() {
        return count.get();
    }

    /** Some have been told of. */
    void told(long events) {
        if (count.addAndGet(-events) == 0) {
            cause = null;
        }
    }

    /** What is said of them. */
    AuditEvent event() {
        Throwable why = cause;
        return new AuditEvent(
                Instant.now(),
                AuditEvent.Type.LOST,
                NOBODY,
                0,
                Peer.NO_PEER,
                Peer.NO_PEER,
                OptionalInt.empty(),
                NOBODY,
                Optional.empty(),
                why == null ? "not written" : "not written: " + show(why),
                Map.of());
    }

    private static String show(Throwable why) {
        return why instanceof FileException ? why.getMessage() : why.toString();
    }
}
