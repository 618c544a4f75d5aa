/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileReaderTest {

    private static final int KEYS = 40_000;
    private static final long ENOUGH = TimeUnit.SECONDS.toNanos(3);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @TempDir
    private Path directory;

    @Test
    void reads_the_same_with_and_without_anything_that_could_be_a_variable() throws IOException {
        String plain =
                """
                # a comment
                text = some words, and {braces}
                empty =
                colon: value
                """;
        Map<String, Object> expected = Map.of("text", "some words, and {braces}", "empty", "", "colon", "value");
        assertEquals(expected, read(plain));
        assertEquals(expected, read(plain + "# ${comment}\n"));
    }

    @Test
    void reads_types_with_and_without_anything_that_could_be_a_variable() throws IOException {
        String typed = "number = I\"500\"\nlist = [ \"alice\", \"bob\", ]\n";
        for (String text : new String[] {typed, typed + "# ${comment}\n"}) {
            Map<String, Object> values = read(text);
            assertEquals(500, values.get("number"));
            assertArrayEquals(new String[] {"alice", "bob"}, (Object[]) values.get("list"));
        }
    }

    @Test
    void puts_variables_and_escapes_in_their_places() throws IOException {
        Map<String, Object> values = read("a = ${word}\nb = \\u0041\\\n  B\n");
        assertEquals(Map.of("a", "said", "b", "AB"), values);
    }

    /** Felix Utils looks through all keys for each of them where it substitutes variables and finds types. */
    @Test
    void takes_no_longer_for_a_key_where_there_are_many() throws IOException {
        String text = IntStream.range(0, KEYS)
                .mapToObj(i -> "command-" + i + " = viewer\n")
                .collect(Collectors.joining());
        long begin = threads.getCurrentThreadCpuTime();
        Map<String, Object> values = read(text);
        long took = threads.getCurrentThreadCpuTime() - begin;
        assertEquals(KEYS, values.size());
        assertTrue(took < ENOUGH, took / 1_000_000 + " ms of CPU time");
    }

    private Map<String, Object> read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("org.peercred.policy.command-x.cfg"), text);
        return new FileReaderProbe(Map.of("word", "said")).read(file);
    }
}
