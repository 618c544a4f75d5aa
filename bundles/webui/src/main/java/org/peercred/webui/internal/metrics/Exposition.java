/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import java.util.Locale;

/**
 * A text in Prometheus' exposition format, version 0.0.4. Families are begun one after the other, each with all of its samples. Not
 * thread-safe.
 */
final class Exposition {

    /** What a family is. */
    enum Kind {
        /** Only grows, until what is counted is started again. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts by size. */
        HISTOGRAM
    }

    /** A label and its value. */
    record Label(String name, String value) {}

    private final StringBuilder text = new StringBuilder(8192);

    /**
     * Begins a family.
     *
     * @param name of the family
     * @param kind what it is
     * @param help one sentence
     */
    void family(String name, Kind kind, String help) {
        text.append("# HELP ").append(name).append(' ');
        escape(help, false);
        text.append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append('\n');
    }

    /**
     * Adds a sample to the family that was begun last.
     *
     * @param name of the family; of a histogram, with the suffix of the sample
     * @param labels what tells it from the others
     * @param value of the sample
     */
    void sample(String name, List<Label> labels, long value) {
        begin(name, labels).append(value).append('\n');
    }

    /** As {@link #sample(String, List, long)}, for what is no whole number. */
    void sample(String name, List<Label> labels, double value) {
        begin(name, labels).append(value).append('\n');
    }

    private StringBuilder begin(String name, List<Label> labels) {
        text.append(name);
        char before = '{';
        for (Label label : labels) {
            text.append(before).append(label.name()).append("=\"");
            escape(label.value(), true);
            text.append('"');
            before = ',';
        }
        return text.append(labels.isEmpty() ? " " : "} ");
    }

    /** Names of listeners are what an operator made them. */
    private void escape(String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quoted ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
