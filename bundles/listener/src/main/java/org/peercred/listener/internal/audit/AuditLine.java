/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Map;
import java.util.Optional;
import org.peercred.access.AuditEvent;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.audit.file.LineBytes;

/** Writes events as {@code key=value} lines. No value can end its quotes or its line. */
final class AuditLine implements AuditFields.Line {

    private static final String NONE = "-";

    private final LineBytes line;
    private int start;

    /** Writes behind whatever some bytes hold already. */
    AuditLine(LineBytes line) {
        this.line = line;
    }

    /** An event's line without its end, with the parameters of {@link AuditFields#tell}. */
    static String of(AuditEvent event, Optional<String> user, long count, boolean others) {
        AuditLine line = new AuditLine(new LineBytes());
        line.append(event, user, count, others);
        return line.text();
    }

    /** Appends an event's line without its end, with the parameters of {@link AuditFields#tell}. */
    void append(AuditEvent event, Optional<String> user, long count, boolean others) {
        start = line.length();
        AuditFields.tell(event, user, count, others, this);
    }

    /** How long what was appended last is, in bytes. */
    int length() {
        return line.length() - start;
    }

    /** What was appended last; for as long as nothing else is. */
    String text() {
        return line.text(start);
    }

    @Override
    public void text(String key, String value) {
        key(key);
        if (isPlain(value)) {
            line.append(value);
        } else {
            line.append('"')
                    .append(ForeignText.quotable(value, AuditEvent.LONGEST))
                    .append('"');
        }
    }

    @Override
    public void number(String key, long value) {
        key(key);
        line.append(value);
    }

    @Override
    public void absent(String key) {
        key(key);
        line.append(NONE);
    }

    @Override
    public void details(String[] keys, Map<String, String> details) {
        for (String key : keys) {
            text(plainKey(key), details.get(key));
        }
    }

    private void key(String key) {
        if (line.length() > start) {
            line.append(' ');
        }
        line.append(key).append('=');
    }

    /** A service's key, with nothing in it that could pass for something else. */
    private static String plainKey(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (!isKeyCharacter(key.charAt(i))) {
                return replaced(key);
            }
        }
        return key;
    }

    private static String replaced(String key) {
        StringBuilder plain = new StringBuilder(key);
        for (int i = 0; i < plain.length(); i++) {
            if (!isKeyCharacter(plain.charAt(i))) {
                plain.setCharAt(i, '_');
            }
        }
        return plain.toString();
    }

    private static boolean isKeyCharacter(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        boolean digit = c >= '0' && c <= '9';
        return letter || digit || ".-_".indexOf(c) >= 0;
    }

    private static boolean isPlain(String value) {
        if (value.isEmpty() || value.length() > AuditEvent.LONGEST) {
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
