/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads typed values out of a raw configuration, so that every value that cannot be understood is explained in the
 * operator's own terms. Not thread-safe.
 */
public final class Config {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|min|h|d)?");
    private static final Set<String> FRAMEWORK_KEYS = Set.of(
            "service.pid",
            "service.factoryPid",
            "service.bundleLocation",
            "service.id",
            "service.bundleid",
            "service.scope",
            "service.ranking",
            "service.changecount",
            "felix.fileinstall.filename",
            "org.apache.karaf.features.configKey",
            "component.name",
            "component.id",
            "osgi.ds.satisfying.condition.target");

    private final Map<String, ?> properties;
    private final ConfigSource source;

    /**
     * Wraps a configuration.
     *
     * @param properties as DS hands it over
     * @param source where it came from
     */
    public Config(Map<String, ?> properties, ConfigSource source) {
        this.properties = properties;
        this.source = source;
    }

    /**
     * Where the configuration came from.
     *
     * @return the source
     */
    public ConfigSource source() {
        return source;
    }

    /**
     * The file that the configuration was read from.
     *
     * @return its path, whether the file is still there or not; empty where the configuration came without a file
     */
    public Optional<Path> path() {
        return ConfigSource.path(properties);
    }

    /**
     * A text, untouched, trailing blanks included.
     *
     * @param key the key
     * @return the value; empty if the key is not there
     * @throws ConfigException if the value is no text
     */
    public Optional<String> text(String key) throws ConfigException {
        Object value = properties.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return Optional.of(value.toString());
        }
        throw invalid(key, show(value), "one text is expected, not a list");
    }

    /**
     * A text without blanks around it.
     *
     * @param key the key
     * @param otherwise what an absent or blank value means
     * @return the value
     * @throws ConfigException if the value is no text
     */
    public String word(String key, String otherwise) throws ConfigException {
        return text(key).map(String::strip).filter(s -> !s.isEmpty()).orElse(otherwise);
    }

    /**
     * One of some words.
     *
     * @param key the key
     * @param otherwise what an absent or blank value means
     * @param allowed the words
     * @return the word
     * @throws ConfigException if it is another word
     */
    public String oneOf(String key, String otherwise, List<String> allowed) throws ConfigException {
        String value = word(key, otherwise);
        if (!allowed.contains(value)) {
            throw invalid(key, value, "it must be " + String.join(" or ", allowed));
        }
        return value;
    }

    /**
     * A truth value.
     *
     * @param key the key
     * @param otherwise what an absent or blank value means
     * @return the value
     * @throws ConfigException if it is neither {@code true} nor {@code false}
     */
    public boolean flag(String key, boolean otherwise) throws ConfigException {
        return oneOf(key, Boolean.toString(otherwise), List.of("true", "false")).equals("true");
    }

    /**
     * A whole number.
     *
     * @param key the key
     * @param otherwise what an absent or blank value means
     * @param minimum the least allowed
     * @param maximum the greatest allowed
     * @return the number
     * @throws ConfigException if it is no number, or out of range
     */
    public int number(String key, int otherwise, int minimum, int maximum) throws ConfigException {
        String value = word(key, Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(value);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        } catch (NumberFormatException e) {
            // explained below, like a number out of range
        }
        throw invalid(key, value, "it must be a whole number from " + minimum + " to " + maximum);
    }

    /**
     * A number of bytes, such as {@code 65536} or {@code 64 KiB}.
     *
     * @param key the key
     * @param otherwise bytes that an absent or blank value means
     * @param minimum the least allowed, in bytes
     * @param maximum the greatest allowed, in bytes
     * @return bytes
     * @throws ConfigException if it is no size, or out of range
     */
    public int size(String key, int otherwise, int minimum, int maximum) throws ConfigException {
        String value = word(key, Integer.toString(otherwise));
        Matcher matcher = SIZE.matcher(value);
        if (matcher.matches()) {
            long factor =
                    switch (matcher.group(2) == null ? "b" : matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
                        case "kib" -> 1L << 10;
                        case "mib" -> 1L << 20;
                        case "gib" -> 1L << 30;
                        default -> 1L;
                    };
            long number = Long.parseLong(matcher.group(1));
            if (number <= maximum && number * factor >= minimum && number * factor <= maximum) {
                return (int) (number * factor);
            }
        }
        throw invalid(
                key, value, "it must be a size from " + minimum + " to " + maximum + " bytes, for instance 64 KiB");
    }

    /**
     * A duration, such as {@code 30 s} or {@code 5 min}; a bare number counts seconds.
     *
     * @param key the key
     * @param otherwise what an absent or blank value means
     * @return 0 or longer, at most 365 days
     * @throws ConfigException if it is no duration
     */
    public Duration duration(String key, Duration otherwise) throws ConfigException {
        String value = word(key, "");
        if (value.isEmpty()) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration =
                    switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "min" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(Math.min(number, 10_000));
                        default -> Duration.ofSeconds(number);
                    };
            if (duration.compareTo(Duration.ofDays(365)) <= 0) {
                return duration;
            }
        }
        throw invalid(key, value, "it must be a duration of at most 365 d, in ms, s, min, h or d, for instance 30 s");
    }

    /**
     * A list, separated by commas; blanks around entries and empty entries do not count.
     *
     * @param key the key
     * @param otherwise what an absent value means
     * @return the entries, in order
     * @throws ConfigException if it is neither a text nor a list of texts
     */
    public List<String> list(String key, List<String> otherwise) throws ConfigException {
        Object value = properties.get(key);
        if (value == null) {
            return otherwise;
        }
        List<String> entries = new ArrayList<>();
        for (Object part : parts(value)) {
            if (!(part instanceof String) && !(part instanceof Number)) {
                throw invalid(key, show(value), "texts separated by commas are expected");
            }
            Arrays.stream(part.toString().split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .forEach(entries::add);
        }
        return List.copyOf(entries);
    }

    /**
     * The exception for a value that cannot be used. Where it stands in quotes, it says that these count: Karaf takes them off
     * in files in which every value has them, and one line written by hand into such a file leaves them on all.
     *
     * @param key the key
     * @param value the value, or the part of it that is meant
     * @param explanation half a sentence that says what is wrong, or what is expected
     * @return the exception, to be thrown
     */
    public ConfigException invalid(String key, String value, String explanation) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        String quotes = quoted ? "; the quotes are part of the value" : "";
        return new ConfigException(source.file() + ": " + key + " = " + value + ": " + explanation + quotes + ".");
    }

    /**
     * All that the operator wrote, so that two deliveries of one configuration can be told from a change.
     *
     * @return each key with its value as text, by key; without what the framework adds
     */
    public SortedMap<String, String> contents() {
        SortedMap<String, String> contents = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (!addedByFramework(key)) {
                contents.put(key, value == null ? "" : show(value));
            }
        });
        return Collections.unmodifiableSortedMap(contents);
    }

    private static boolean addedByFramework(String key) {
        return FRAMEWORK_KEYS.contains(key) || key.startsWith(".");
    }

    /**
     * Sentences about keys that nobody reads, each with the nearest known key.
     *
     * @param known the keys that are read
     * @return one sentence a key, empty if all are known
     */
    public List<String> warnings(Set<String> known) {
        return new TreeSet<>(properties.keySet())
                .stream()
                        .filter(key -> !known.contains(key) && !addedByFramework(key))
                        .map(key -> source.file() + ": unknown key " + key + " is ignored"
                                + nearest(key, known)
                                        .map(k -> "; did you mean " + k + "?")
                                        .orElse("."))
                        .collect(Collectors.toUnmodifiableList());
    }

    private static Optional<String> nearest(String key, Set<String> known) {
        String best = null;
        int least = Math.max(2, key.length() / 3) + 1;
        for (String candidate : new TreeSet<>(known)) {
            int distance = distance(key, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    private static Collection<?> parts(Object value) {
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        return value instanceof Collection<?> collection ? collection : List.of(value);
    }

    private static String show(Object value) {
        return parts(value).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
