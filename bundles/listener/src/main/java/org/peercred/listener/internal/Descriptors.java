/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The descriptors of this process, as proc(5) tells of them. */
final class Descriptors {

    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)\\s.*");

    private Descriptors() {}

    /** How many are open; empty where that cannot be read. */
    static OptionalLong open() {
        try (Stream<Path> all = Files.list(OPEN)) {
            // The one that reads the directory is among them.
            return OptionalLong.of(all.count() - 1);
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    /** How many may be open; empty where that cannot be read, or is unlimited. */
    static OptionalLong limit() {
        try {
            return Files.readAllLines(LIMITS).stream()
                    .map(OPEN_FILES::matcher)
                    .filter(Matcher::matches)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
