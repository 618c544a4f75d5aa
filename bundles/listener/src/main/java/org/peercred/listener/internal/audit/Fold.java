/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import org.peercred.access.AuditEvent;

/** One kind of what happens again and again, and what has been counted of it since a time. */
final class Fold {

    Tallies tallies = new Tallies();
    long since;

    /** In the same place of a table. */
    Fold next;

    private final AuditEvent.Type type;
    private final String listener;
    private final long uid;
    private final String cause;

    /** The kind of an event. */
    Fold(AuditEvent event, long since) {
        this.since = since;
        type = event.type();
        listener = event.listener();
        uid = event.uid();
        cause = causeOf(event);
    }

    /** Whether an event is of this kind. */
    boolean takes(AuditEvent event) {
        return uid == event.uid()
                && type == event.type()
                && listener.equals(event.listener())
                && cause.equals(causeOf(event));
    }

    /** A number that is the same for all events of a kind. */
    static int hash(AuditEvent event) {
        int hash = Long.hashCode(event.uid());
        hash = hash * 31 + event.type().hashCode();
        hash = hash * 31 + event.listener().hashCode();
        hash = hash * 31 + causeOf(event).hashCode();
        return hash * 0x9E3779B9;
    }

    private static String causeOf(AuditEvent event) {
        if (event.type() == AuditEvent.Type.COMMAND) {
            return event.details().getOrDefault(AuditEvent.RESULT, "");
        }
        return event.policy().orElse("");
    }
}
