/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which room of this bundle knows which; there is no way round in a circle. */
@Timeout(120)
class RoomsTest {

    private static final Path HOME = Path.of("src/main/java/org/peercred/policy/internal");
    private static final Pattern NEIGHBOUR = Pattern.compile("org\\.peercred\\.policy\\.internal\\.([a-z]+)\\.");

    /** From the lowest: each may know those before it that stand here, and nobody else. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.of(
            "background", Set.of(),
            "config", Set.of("background"),
            "keeper", Set.of("background"),
            "roles", Set.of("background", "config", "keeper"),
            "pid", Set.of("background", "config"),
            "kinds", Set.of("background", "config", "roles"),
            "decide", Set.of("background", "config", "keeper"),
            "trial", Set.of("config", "decide", "keeper", "kinds", "pid", "roles"));

    @Test
    void each_room_knows_those_only_that_it_may_know() throws IOException {
        Map<String, Set<String>> known = new TreeMap<>();
        try (Stream<Path> files = Files.walk(HOME)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String room = HOME.relativize(file).getName(0).toString();
                Set<String> neighbours = known.computeIfAbsent(room, name -> new TreeSet<>());
                neighbours.addAll(neighbours(file));
                neighbours.remove(room);
            });
        }
        assertEquals(new TreeMap<>(MAY_KNOW), known);
    }

    private static Set<String> neighbours(Path file) {
        try {
            String text = Files.readString(file).replaceFirst("(?m)^package .*", "");
            return NEIGHBOUR
                    .matcher(text)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
