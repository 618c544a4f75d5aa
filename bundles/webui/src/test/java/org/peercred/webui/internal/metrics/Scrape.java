/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in Prometheus' exposition format, read by the rules of that format and refused where it breaks one:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
final class Scrape {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") ((?:[^\\\\]|\\\\[\\\\n])+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram)");
    private static final Pattern SAMPLE = Pattern.compile(
            "(" + NAME + ")((?:\\{" + LABEL + "(?:," + LABEL + ")*})?) ([0-9]+(?:\\.[0-9]+(?:E-?[0-9]+)?)?)");
    private static final Pattern LABEL_NAME = Pattern.compile("[{,]([a-zA-Z_][a-zA-Z0-9_]*)=\"");

    /** Samples by name and labels, as they are written. */
    final Map<String, Double> samples = new LinkedHashMap<>();

    /** Every name that a query can ask for. */
    final Set<String> names = new LinkedHashSet<>();

    /** The names of all labels. */
    final Set<String> labels = new LinkedHashSet<>();

    /** The names of all families. */
    final Set<String> families = new LinkedHashSet<>();

    static Scrape of(String text) {
        return new Scrape(text);
    }

    private Scrape(String text) {
        require(text.endsWith("\n"), "the last line has no end");
        List<String> lines = new ArrayList<>(List.of(text.split("\n")));
        String family = "";
        String type = "";
        while (!lines.isEmpty()) {
            String line = lines.remove(0);
            if (line.startsWith("#")) {
                family = match(HELP, line).group(1);
                require(families.add(family), "a second family " + family);
                require(!lines.isEmpty(), "no type of " + family);
                Matcher typed = match(TYPE, lines.remove(0));
                require(typed.group(1).equals(family), "the type of another family than " + family);
                type = typed.group(2);
                require(type.equals("counter") == family.endsWith("_total"), "the suffix of " + family);
            } else {
                sample(family, type, match(SAMPLE, line));
            }
        }
    }

    private void sample(String family, String type, Matcher sample) {
        String name = sample.group(1);
        boolean mine = type.equals("histogram")
                ? name.matches(family + "_(bucket|sum|count)")
                : !type.isEmpty() && name.equals(family);
        require(mine, name + " in the family " + family);
        names.add(name);
        Matcher label = LABEL_NAME.matcher(sample.group(2));
        while (label.find()) {
            labels.add(label.group(1));
        }
        String key = name + sample.group(2);
        require(samples.put(key, Double.valueOf(sample.group(3))) == null, key + " twice");
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        require(matcher.matches(), line + " is not " + pattern);
        return matcher;
    }

    private static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw new AssertionError(otherwise);
        }
    }
}
