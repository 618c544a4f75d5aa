/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who a process runs as, from {@code /proc/PID/status} (see <a
 * href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>).
 *
 * @param uid the effective user id, as SO_PEERCRED would give it
 * @param gid the effective group id, likewise
 * @param groups the supplementary groups
 */
public record ProcStatus(long uid, long gid, Set<Long> groups) {

    private static final int EFFECTIVE = 1;

    /**
     * Reads it.
     *
     * @param pid a process; it is for the caller to see that it was still the same one afterwards
     * @return who it runs as
     * @throws IOException if the file cannot be read or is not as expected
     */
    public static ProcStatus of(int pid) throws IOException {
        // A process's name may hold any byte, and this encoding takes any.
        return parse(Files.readString(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1));
    }

    /** Reads the text of such a file. A line break in a process's name is escaped there, so it cannot forge a line. */
    public static ProcStatus parse(String text) throws IOException {
        Map<String, String> lines = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.putIfAbsent(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        try {
            return new ProcStatus(
                    numbers(lines.get("Uid"))[EFFECTIVE],
                    numbers(lines.get("Gid"))[EFFECTIVE],
                    Arrays.stream(numbers(lines.get("Groups"))).boxed().collect(Collectors.toUnmodifiableSet()));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException | NullPointerException e) {
            throw new IOException("it is not as expected", e);
        }
    }

    private static long[] numbers(String line) {
        return line.isBlank()
                ? new long[0]
                : Arrays.stream(line.strip().split("\\s+"))
                        .mapToLong(Long::parseLong)
                        .toArray();
    }
}
