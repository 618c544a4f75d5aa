/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each package knows those below it and no other, so that a loop can be read without a protocol, and lines without streams or channels. */
@Timeout(120)
class PackagesTest {

    private static final Path SOURCES = Path.of("src/main/java/org/peercred/listener/internal");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?org\\.peercred\\.listener\\.internal\\.((?:[a-z]+\\.)*)[A-Z].*");

    private static final Map<String, Set<String>> MAY_KNOW = Map.of(
            "socket", Set.of(),
            "loop", Set.of("socket"),
            "audit.file", Set.of("socket"),
            "systemd", Set.of("loop", "socket"),
            "audit", Set.of("audit.file", "socket"),
            // The settings of a listener are in the root.
            "engine", Set.of("audit", "loop", "socket", ""),
            "lines", Set.of("engine"),
            "streams", Set.of("engine"),
            "channels", Set.of("engine"));

    @Test
    void each_package_knows_those_below_it_and_no_other() throws IOException {
        Set<String> seen = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String from = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
                seen.add(from);
                for (String to : known(file)) {
                    boolean below = from.isEmpty()
                            || from.equals(to)
                            || MAY_KNOW.get(from).contains(to);
                    assertTrue(below, () -> file + " must know nothing of " + to);
                }
            }
        }
        seen.remove("");
        assertEquals(new TreeSet<>(MAY_KNOW.keySet()), seen);
    }

    private static List<String> known(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(IMPORT::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1).replaceAll("\\.$", ""))
                .toList();
    }
}
