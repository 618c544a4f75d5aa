/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one line of JSON and forgives nothing. */
final class StrictJson {

    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    /** The value of a line: maps, lists, texts, longs, booleans and null. */
    static Object read(String line) {
        StrictJson json = new StrictJson(line);
        Object value = json.value();
        if (json.at != line.length()) {
            throw new IllegalArgumentException("more at " + json.at + " of " + line);
        }
        return value;
    }

    private Object value() {
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
    }

    private Object word() {
        int begin = at;
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> Long.valueOf(word);
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        expect('{');
        while (text.charAt(at) != '}') {
            if (!object.isEmpty()) {
                expect(',');
            }
            String key = string();
            expect(':');
            if (object.containsKey(key)) {
                throw new IllegalArgumentException(key + " twice in " + text);
            }
            object.put(key, value());
        }
        expect('}');
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        expect('[');
        while (text.charAt(at) != ']') {
            if (!array.isEmpty()) {
                expect(',');
            }
            array.add(value());
        }
        expect(']');
        return array;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        expect('"');
        for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException("character " + (int) c + " in " + text);
            }
            if (c != '\\') {
                string.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            if (escaped == 'u') {
                string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else if (escaped == '"' || escaped == '\\') {
                string.append(escaped);
            } else {
                throw new IllegalArgumentException("escape " + escaped + " in " + text);
            }
        }
        return string.toString();
    }

    private void expect(char expected) {
        if (text.charAt(at) != expected) {
            throw new IllegalArgumentException("no " + expected + " at " + at + " of " + text);
        }
        at++;
    }
}
