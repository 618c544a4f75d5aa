/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.peercred.common.text.ForeignText;

/**
 * Writes JSON (RFC 8259) on one line. What cannot be seen in a text is written as an escape, so that the line may be shown on a terminal as it
 * is, and read back as it was.
 */
public final class Json {

    private final StringBuilder line = new StringBuilder(1024);
    private final UnaryOperator<String> texts;

    private Json(UnaryOperator<String> texts) {
        this.texts = texts;
    }

    /**
     * A value as JSON.
     *
     * @param value a map from texts, an iterable, a text, a number, a boolean, an optional of one of these, or {@code null}; an empty
     *     optional and what is no number are {@code null} of JSON
     * @return one line without its end
     * @throws IllegalArgumentException if it is, or holds, anything else
     */
    public static String of(Object value) {
        return of(value, UnaryOperator.identity());
    }

    /**
     * A value as JSON, for somebody who shows it.
     *
     * @param value as above
     * @param texts what becomes of each text in it that is no key
     * @return one line without its end
     * @throws IllegalArgumentException as above
     */
    public static String of(Object value, UnaryOperator<String> texts) {
        Json json = new Json(texts);
        json.add(value);
        return json.line.toString();
    }

    /**
     * An object whose keys stay in order.
     *
     * @param keysAndValues a key, its value, the next key, and so on
     * @return the object, to be added to
     */
    public static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    private void add(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            line.append(value);
        } else if (value instanceof Double number) {
            line.append(Double.isFinite(number) ? number : null);
        } else if (value instanceof String text) {
            quote(texts.apply(text));
        } else if (value instanceof Optional<?> optional) {
            add(optional.orElse(null));
        } else if (value instanceof OptionalInt optional) {
            add(optional.isPresent() ? optional.getAsInt() : null);
        } else if (value instanceof OptionalLong optional) {
            add(optional.isPresent() ? optional.getAsLong() : null);
        } else if (value instanceof Map<?, ?> object) {
            members(object);
        } else if (value instanceof Iterable<?> array) {
            elements(array);
        } else {
            throw new IllegalArgumentException("no JSON: " + value.getClass().getName());
        }
    }

    private void members(Map<?, ?> object) {
        line.append('{');
        int begin = line.length();
        object.forEach((key, value) -> {
            separate(begin);
            quote((String) key);
            line.append(':');
            add(value);
        });
        line.append('}');
    }

    private void elements(Iterable<?> array) {
        line.append('[');
        int begin = line.length();
        for (Object element : array) {
            separate(begin);
            add(element);
        }
        line.append(']');
    }

    private void separate(int begin) {
        if (line.length() > begin) {
            line.append(',');
        }
    }

    /** What is safe to stand between quotes in the audit log is a string of JSON as well. */
    private void quote(String text) {
        line.append('"').append(ForeignText.quotable(text, text.length())).append('"');
    }
}
