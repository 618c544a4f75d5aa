/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration, all of it: whoever mends a file wants to know everything at once. Not thread-safe. */
public final class Problems {

    private final List<String> sentences = new ArrayList<>();

    /** Reads something. */
    @FunctionalInterface
    public interface Reading<T> {
        /**
         * Reads it.
         *
         * @return what was read
         * @throws ConfigException if it cannot be understood
         */
        T read() throws ConfigException;
    }

    /** Checks something. */
    @FunctionalInterface
    public interface Check {
        /**
         * Checks it.
         *
         * @throws ConfigException if it is not in order
         */
        void run() throws ConfigException;
    }

    /** Starts with none. */
    public Problems() {}

    /**
     * Reads something, and goes on if that cannot be understood.
     *
     * @param reading reads it
     * @param otherwise what to go on with; nobody uses it in the end
     * @return what was read, or {@code otherwise}
     */
    public <T> T collect(Reading<T> reading, T otherwise) {
        try {
            return reading.read();
        } catch (ConfigException e) {
            addAll(e.sentences());
            return otherwise;
        }
    }

    /**
     * Reads a key, and goes on if its value cannot be understood.
     *
     * @param config where
     * @param key the key
     * @return what was read; where it cannot be understood, the default, or {@code null} if that cannot be either: nobody uses it
     *     in the end
     */
    public <T> T read(Config config, Key<T> key) {
        return collect(() -> key.in(config), key.otherwise());
    }

    /**
     * Checks something, and goes on if that is not in order.
     *
     * @param check checks it
     */
    public void check(Check check) {
        try {
            check.run();
        } catch (ConfigException e) {
            addAll(e.sentences());
        }
    }

    /**
     * Adds one.
     *
     * @param sentence a whole sentence
     */
    public void add(String sentence) {
        if (!sentences.contains(sentence)) {
            sentences.add(sentence);
        }
    }

    /**
     * Adds some.
     *
     * @param more whole sentences
     */
    public void addAll(List<String> more) {
        more.forEach(this::add);
    }

    /**
     * All of them.
     *
     * @return one sentence after the other; empty if there are none
     */
    public String text() {
        return String.join(" ", sentences);
    }

    /**
     * Ends the reading.
     *
     * @throws ConfigException with all of them, if there are any
     */
    public void end() throws ConfigException {
        if (!sentences.isEmpty()) {
            throw new ConfigException(sentences);
        }
    }
}
