/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.nio.file.Path;
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
import java.util.stream.Collectors;

/**
 * Reads typed values out of a raw configuration, so that every value that cannot be understood is explained in the
 * operator's own terms. Not thread-safe.
 */
public final class Config {

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

    /** One of some words; a blank value means the other. */
    String oneOf(String key, String otherwise, List<String> allowed) throws ConfigException {
        String value = word(key, otherwise);
        if (!allowed.contains(value)) {
            throw invalid(key, value, "it must be " + String.join(" or ", allowed));
        }
        return value;
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
     * A list in which no entry may be missing, since that widens what is meant: a variable that is not set leaves nothing.
     *
     * @param key the key
     * @return the entries, in order; empty if the key is not there, or a form was saved that has nothing in it
     * @throws ConfigException if it is neither a text nor a list of texts, or an entry of it is empty
     */
    public List<String> completeList(String key) throws ConfigException {
        List<String> entries = list(key, List.of());
        Object value = properties.get(key);
        boolean isEmptyForm = !(value instanceof String)
                && (value == null
                        || parts(value).stream()
                                .allMatch(part -> part.toString().isBlank()));
        boolean hasGap = !isEmptyForm
                && parts(value).stream()
                        .flatMap(part -> Arrays.stream(part.toString().split(",", -1)))
                        .anyMatch(String::isBlank);
        if (hasGap) {
            throw invalid(key, show(value).strip(), "an entry is empty; if it is a variable, it is not set");
        }
        return entries;
    }

    /** What is written, in one text and without blanks around it; empty if the key is not there. */
    Optional<String> written(String key) {
        return Optional.ofNullable(properties.get(key)).map(value -> show(value).strip());
    }

    /**
     * The exception for a value that cannot be used, as {@link #invalid(String, String, String)}.
     *
     * @param key the key
     * @param value the value, or the part of it that is meant
     * @param explanation half a sentence that says what is wrong, or what is expected
     * @return the exception, to be thrown
     */
    public ConfigException invalid(Key<?> key, String value, String explanation) {
        return invalid(key.name(), value, explanation);
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
     * @return one sentence a key, empty if all are known; none about keys that begin with {@code x-}, which are notes
     */
    public List<String> warnings(Set<String> known) {
        return unread(known).warnings(key -> true);
    }

    /**
     * The same, of keys that can be read as they are, for who rejects {@link #disguised} ones.
     *
     * @param known the keys that are read
     * @return one sentence a key
     */
    public List<String> warningsOfVisible(Set<String> known) {
        return unread(known).warnings(key -> !Spelling.hidesSomething(key));
    }

    /**
     * Sentences about keys that nobody reads, for a configuration that must not be used with any.
     *
     * @param known the keys that are read
     * @return one sentence a key, empty if all are known; none about keys that begin with {@code x-}, which are notes
     */
    public List<String> unknownKeys(Set<String> known) {
        return unread(known).rejections(key -> true);
    }

    /**
     * Sentences about keys that look like others but for what cannot be seen in them, such as a byte order mark at the beginning
     * of the file: what such a key says was meant to count.
     *
     * @param known the keys that are read
     * @return one sentence a key
     */
    public List<String> disguised(Set<String> known) {
        return unread(known).rejections(Spelling::hidesSomething);
    }

    /**
     * Sentences about slips in a configuration whose keys are names that the operator gives, but for some.
     *
     * @param reserved those
     * @return one sentence for each key that holds something invisible or was meant to be a reserved one; none about notes
     */
    public List<String> slips(Set<String> reserved) {
        return unread(reserved).slips();
    }

    private UnreadKeys unread(Set<String> known) {
        return new UnreadKeys(
                source.file(),
                known,
                properties.keySet().stream()
                        .filter(key -> !known.contains(key) && !addedByFramework(key) && !Spelling.isNote(key))
                        .sorted()
                        .toList());
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
