/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One key of a configuration, all that is to be known of it: how it is called, what may be written, what counts where nothing is,
 * and what that means. Immutable.
 *
 * @param <T> what a value is to the code
 */
public final class Key<T> {

    /** What kind of value is written. */
    public enum Type {
        /** Any text; see the range. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        FLAG,
        /** A number of bytes, such as {@code 64 KiB}. */
        SIZE,
        /** A duration, such as {@code 30 s}. */
        DURATION,
        /** Texts, separated by commas. */
        LIST
    }

    /**
     * What a value means.
     *
     * @param <V> what is written
     * @param <R> what it means
     */
    @FunctionalInterface
    public interface Meaning<V, R> {
        /**
         * Tells it.
         *
         * @param value what is written
         * @return what that means
         * @throws UnusableValueException if it means nothing
         */
        R of(V value) throws UnusableValueException;
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(Config config) throws ConfigException;
    }

    private static final Config NOTHING = new Config(Map.of(), new ConfigSource("", "", ""));

    private final String name;
    private final Type type;
    private final String initial;
    private final String range;
    private final List<String> choices;
    private final Reader<T> reader;

    Key(String name, Type type, String initial, String range, List<String> choices, Reader<T> reader) {
        this.name = name;
        this.type = type;
        this.initial = initial;
        this.range = range;
        this.choices = choices;
        this.reader = reader;
    }

    /**
     * The same key, for what its value means.
     *
     * @param meaning tells it
     * @return another key of that name
     */
    public <R> Key<R> as(Meaning<? super T, R> meaning) {
        return as(type, range, meaning);
    }

    <R> Key<R> as(Type newType, String newRange, Meaning<? super T, R> meaning) {
        return new Key<>(name, newType, initial, newRange, choices, config -> {
            T value = reader.read(config);
            try {
                return meaning.of(value);
            } catch (UnusableValueException e) {
                throw config.invalid(name, config.written(name).orElse(initial), e.getMessage());
            }
        });
    }

    /**
     * The same key, whose value may be left out.
     *
     * @return another key of that name and without a default; a blank value is none
     */
    public Key<Optional<T>> optional() {
        return new Key<>(
                name,
                type,
                "",
                range,
                choices,
                config -> config.written(name).orElse("").isEmpty()
                        ? Optional.empty()
                        : Optional.of(reader.read(config)));
    }

    /**
     * The same key, with words for what may be written.
     *
     * @param words as the documentation has them
     * @return another key of that name
     */
    public Key<T> within(String words) {
        return new Key<>(name, type, initial, words, choices, reader);
    }

    /**
     * Reads the value.
     *
     * @param config where
     * @return the value, or the default
     * @throws ConfigException with a sentence about each thing in it that cannot be used
     */
    public T in(Config config) throws ConfigException {
        return reader.read(config);
    }

    /** What counts where nothing is written; {@code null} if something has to be. */
    T otherwise() {
        try {
            return reader.read(NOTHING);
        } catch (ConfigException e) {
            return null;
        }
    }

    /**
     * The key's name.
     *
     * @return as it is written
     */
    public String name() {
        return name;
    }

    /**
     * What kind of value is written.
     *
     * @return the kind
     */
    public Type type() {
        return type;
    }

    /**
     * The default.
     *
     * @return as it would be written; empty for none
     */
    public String initial() {
        return initial;
    }

    /**
     * What may be written.
     *
     * @return for people, for instance {@code 1 to 64}; empty if the type says it all
     */
    public String range() {
        return range;
    }

    /**
     * The words that may be written.
     *
     * @return them, the default first; empty if others may be, too
     */
    public List<String> choices() {
        return choices;
    }

    @Override
    public String toString() {
        return name;
    }
}
