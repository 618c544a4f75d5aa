/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AuditEvent;

/** What is said of an event, and in which order, whatever the format. */
final class AuditFields {

    private static final String MORE_REASONS = Tallies.REASONS + "+";

    private AuditFields() {}

    /** A line of some format. */
    interface Line {

        /** A text that may come from anywhere. */
        void text(String key, String value);

        void number(String key, long value);

        /** Something that every event has, and this one has not. */
        void absent(String key);

        /**
         * What only some events have.
         *
         * @param keys in order; chosen by a service
         * @param details the texts
         */
        void details(String[] keys, Map<String, String> details);
    }

    /**
     * Says it.
     *
     * @param event the event
     * @param user the user's name, if known
     * @param count how often it happened; mentioned from 2 on
     * @param others whether that is for several reasons, of which the event has only the latest; mentioned if so
     * @param line takes it
     */
    static void tell(AuditEvent event, Optional<String> user, long count, boolean others, Line line) {
        line.text("event", event.type().label());
        line.text("listener", event.listener());
        line.number("connection", event.connection());
        line.number("uid", event.uid());
        if (user.isPresent()) {
            line.text("user", user.get());
        } else {
            line.absent("user");
        }
        line.number("gid", event.gid());
        if (event.pid().isPresent()) {
            line.number("pid", event.pid().getAsInt());
        } else {
            line.absent("pid");
        }
        line.text("action", event.action());
        if (event.policy().isPresent()) {
            line.text("policy", event.policy().get());
        }
        if (!event.details().isEmpty()) {
            String[] keys = event.details().keySet().toArray(String[]::new);
            Arrays.sort(keys);
            line.details(keys, event.details());
        }
        if (!event.reason().isEmpty()) {
            line.text("reason", event.reason());
        }
        if (count > 1 || others || event.type() == AuditEvent.Type.LOST) {
            line.number("count", count);
        }
        if (others) {
            line.text("reasons", MORE_REASONS);
        }
    }
}
