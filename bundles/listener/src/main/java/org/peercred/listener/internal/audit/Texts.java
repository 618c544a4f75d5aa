/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AuditEvent;

/** The texts of events: what is kept of them, and how much that is. */
final class Texts {

    private Texts() {}

    /** An event with no text in it that is longer than the log shows. */
    static AuditEvent fitted(AuditEvent event) {
        if (fits(event)) {
            return event;
        }
        Map<String, String> details = new HashMap<>();
        event.details().forEach((key, value) -> details.put(cut(key), cut(value)));
        Optional<String> policy = event.policy().map(Texts::cut);
        return new AuditEvent(
                event.time(),
                event.type(),
                cut(event.listener()),
                event.connection(),
                event.uid(),
                event.gid(),
                event.pid(),
                cut(event.action()),
                policy,
                cut(event.reason()),
                details);
    }

    /** How many characters the texts of an event have. */
    static int length(AuditEvent event) {
        int length = event.listener().length()
                + event.action().length()
                + event.reason().length();
        if (event.policy().isPresent()) {
            length += event.policy().get().length();
        }
        if (!event.details().isEmpty()) {
            for (Map.Entry<String, String> detail : event.details().entrySet()) {
                length += detail.getKey().length() + detail.getValue().length();
            }
        }
        return length;
    }

    /** How many bytes a line has in UTF-8, without its end. */
    static int bytes(String line) {
        int bytes = line.length();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= 0x80) {
                bytes += c >= 0x800 ? 2 : 1;
            }
        }
        return bytes;
    }

    private static boolean fits(AuditEvent event) {
        if (!fits(event.listener()) || !fits(event.action()) || !fits(event.reason())) {
            return false;
        }
        if (event.policy().isPresent() && !fits(event.policy().get())) {
            return false;
        }
        if (!event.details().isEmpty()) {
            for (Map.Entry<String, String> detail : event.details().entrySet()) {
                if (!fits(detail.getKey()) || !fits(detail.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** One more than is shown, so that the cut shows as well. */
    private static boolean fits(String text) {
        return text.length() <= AuditEvent.LONGEST + 1;
    }

    private static String cut(String text) {
        return fits(text) ? text : text.substring(0, AuditEvent.LONGEST + 1);
    }
}
