/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of a file is what it says. */
@Timeout(120)
class WatchedTest {

    @TempDir
    Path home;

    private final FileReader reader = new FileReader(FileReaderProbe.context(Map.of()));

    /** A kernel whose clock ticks each 4 ms gives two writes of the same size one and the same stamp. */
    @Test
    void a_second_write_within_one_tick_of_the_kernel_s_clock_is_read() throws Exception {
        Path file = home.resolve("org.peercred.policy.uid-team.cfg");
        FileTime tick = FileTime.from(Instant.now());
        Stamp stamp = new Stamp(1, 8, tick, tick, true);
        Watched watched = new Watched(FileName.of(file.getFileName().toString()));
        Files.writeString(file, "allow=1\n");
        watched.see(stamp, 1);
        watched.read(reader, file, 1);
        Files.writeString(file, "allow=2\n");
        long later = 1 + Duration.ofSeconds(1).toNanos();
        watched.see(stamp, later);
        watched.read(reader, file, later);
        assertEquals(Map.of("allow", "2"), watched.values().orElseThrow());
    }
}
