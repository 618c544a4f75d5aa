/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Optional;
import java.util.TreeMap;
import org.peercred.access.AuditEvent;

/** Writes events as {@code key=value} lines. No value can end its quotes or its line. */
final class AuditLine {

    private final StringBuilder line = new StringBuilder(256);

    private AuditLine() {}

    /**
     * An event's line.
     *
     * @param event the event
     * @param user the user's name, if known
     * @param count how often it happened; mentioned from 2 on
     * @return one line without its end
     */
    static String of(AuditEvent event, Optional<String> user, long count) {
        AuditLine line = new AuditLine();
        line.put("event", event.type().label());
        line.put("listener", event.listener());
        line.put("connection", Long.toString(event.connection()));
        line.put("uid", Long.toString(event.uid()));
        line.put("user", user.orElse("-"));
        line.put("gid", Long.toString(event.gid()));
        line.put("pid", event.pid().isPresent() ? Integer.toString(event.pid().getAsInt()) : "-");
        line.put("action", event.action());
        event.policy().ifPresent(policy -> line.put("policy", policy));
        new TreeMap<>(event.details()).forEach((key, value) -> line.put(plainKey(key), value));
        if (!event.reason().isEmpty()) {
            line.put("reason", event.reason());
        }
        if (count > 1) {
            line.put("count", Long.toString(count));
        }
        return line.line.toString();
    }

    private void put(String key, String value) {
        if (line.length() > 0) {
            line.append(' ');
        }
        line.append(key).append('=');
        if (isPlain(value)) {
            line.append(value);
        } else {
            quote(value);
        }
    }

    /** A service's key, with nothing in it that could pass for something else. */
    private static String plainKey(String key) {
        StringBuilder plain = new StringBuilder(key);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit && ".-_".indexOf(c) < 0) {
                plain.setCharAt(i, '_');
            }
        }
        return plain.toString();
    }

    private void quote(String value) {
        line.append('"').append(Printable.of(value)).append('"');
    }

    private static boolean isPlain(String value) {
        if (value.isEmpty() || value.length() > Printable.LONGEST) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
