/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AuditEvent;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.audit.file.LineBytes;

/**
 * Writes events as one JSON object a line. What a service says of its own stands in an object of its own, so that none of its keys
 * can pass for one of ours. Not thread-safe.
 */
final class JsonLine implements AuditFields.Line {

    private final Timestamps timestamps;
    private final LineBytes line;

    /** Writes into what takes each line in turn, with times of a zone. */
    JsonLine(LineBytes line, ZoneId zone) {
        this.line = line;
        timestamps = new Timestamps(zone);
    }

    /** Makes an event's line, with the parameters of {@link AuditFields#tell}. */
    void make(AuditEvent event, Optional<String> user, long count, boolean others) {
        line.clear();
        line.append("{\"time\":\"");
        timestamps.append(event.time(), line);
        line.append("\",\"level\":\"")
                .append(event.type().isWarning() ? "WARN" : "INFO")
                .append('"');
        AuditFields.tell(event, user, count, others, this);
        line.append('}');
    }

    @Override
    public void text(String key, String value) {
        key(key);
        quote(value);
    }

    @Override
    public void number(String key, long value) {
        key(key);
        line.append(value);
    }

    @Override
    public void absent(String key) {
        key(key);
        line.append("null");
    }

    @Override
    public void details(String[] keys, Map<String, String> details) {
        key("details");
        char separator = '{';
        for (String key : keys) {
            line.append(separator);
            quote(key);
            line.append(':');
            quote(details.get(key));
            separator = ',';
        }
        line.append('}');
    }

    private void key(String key) {
        line.append(",\"").append(key).append("\":");
    }

    /** What is safe to show is a string of JSON as well. */
    private void quote(String value) {
        line.append('"').append(ForeignText.quotable(value, AuditEvent.LONGEST)).append('"');
    }
}
