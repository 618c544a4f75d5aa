/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.common.testing.Logged;

/** Files and processes under a clock that is set. Times are seconds since boot; at first the wall shows the same plus 1,000,000. */
@Timeout(120)
class ChronicleTest {

    private static final Optional<String> GOOD = Optional.empty();

    private long now = 10_000;
    private long wallLessBoot = 1_000_000;
    private boolean told = true;
    private final Chronicle chronicle = new Chronicle(() ->
            told ? Optional.of(new BootClock.Reading((now + wallLessBoot) * 1000, now * 1000)) : Optional.empty());

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void lookForTheFirstTime() throws IOException {
        file = directory.resolve("x.pid");
        chronicle.seen(file, Optional.empty());
        now += 100;
    }

    private void write() throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), "42");
        Files.setLastModifiedTime(fresh, FileTime.from(now + wallLessBoot, TimeUnit.SECONDS));
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private void watch() {
        chronicle.seen(file, FileStamp.of(file));
    }

    /** What is said of a process with the number 42 that started then. */
    private Optional<String> named(long started) {
        return chronicle.objection(file, FileStamp.of(file).orElseThrow(), "x.pid", 42, started * 100);
    }

    @Test
    void a_process_counts_that_started_before_the_file_was_written() throws IOException {
        write();
        now += 100;
        assertEquals(Optional.of("process 42 started after x.pid was written"), named(10_101));
        assertEquals(GOOD, named(10_100));
    }

    @Test
    void of_a_file_from_before_the_first_look_nobody_knows_how_the_clock_was() throws IOException {
        now = 9_000;
        write();
        now = 10_200;
        assertEquals(
                Optional.of("process 42 started after x.pid was written, or the clock was set since"), named(9_001));
    }

    @Test
    void the_right_process_stays_when_the_clock_is_set_forward() throws IOException {
        write();
        watch();
        now += 100;
        wallLessBoot += 86_400;
        assertEquals(Optional.of("process 42 started after x.pid was written"), named(10_150));
        assertEquals(GOOD, named(10_099));
    }

    @Test
    void a_stranger_is_not_older_than_the_file_because_the_clock_was_set_back() throws IOException {
        write();
        watch();
        now += 100;
        wallLessBoot -= 3_600;
        assertEquals(Optional.of("process 42 started after x.pid was written"), named(10_150));
        assertEquals(GOOD, named(10_099));
    }

    @Test
    void a_file_that_nobody_had_looked_at_is_dated_by_the_clock_of_its_time() throws IOException {
        write();
        now += 7_200;
        chronicle.seen(directory.resolve("another"), Optional.empty());
        wallLessBoot -= 3_600;
        now += 1;
        assertEquals(Optional.of("process 42 started after x.pid was written"), named(12_000));
        assertEquals(GOOD, named(10_099));
    }

    @Test
    void where_the_clock_showed_the_time_of_the_file_twice_only_who_is_older_in_any_case_counts() throws IOException {
        write();
        now += 100;
        chronicle.seen(directory.resolve("another"), Optional.empty());
        wallLessBoot -= 3_600;
        now += 7_200;
        assertEquals(
                Optional.of("the clock was set by -3600 s since x.pid was written, and process 42 may be younger than"
                        + " that; write it anew"),
                named(10_300));
        assertEquals(GOOD, named(10_099));
    }

    @Test
    void what_is_written_anew_under_the_eyes_of_the_daemon_counts_after_a_clock_was_set_back() throws IOException {
        write();
        watch();
        now += 100;
        wallLessBoot -= 3_600;
        watch();
        now += 60;
        watch();
        write();
        now += 1;
        assertEquals(Optional.of("process 42 started after x.pid was written"), named(10_261));
        assertEquals(GOOD, named(10_259));
    }

    @Test
    void the_same_file_never_names_another_process() throws IOException {
        write();
        now += 1;
        assertEquals(GOOD, named(10_050));
        assertEquals(GOOD, named(10_050));
        assertEquals(
                Optional.of("process 42 is another than x.pid named before: its number was given out again"),
                named(10_060));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertTrue(named(10_060).isPresent(), "another mode does not make another file");
        write();
        assertEquals(GOOD, named(10_060));
    }

    @Test
    void what_is_dated_in_the_future_and_what_the_clock_never_showed_count_for_the_least() throws IOException {
        write();
        Files.setLastModifiedTime(file, FileTime.from(now + wallLessBoot + 60, TimeUnit.SECONDS));
        assertEquals(Optional.of("x.pid is dated in the future"), named(1));
        watch();
        long skipped = now + wallLessBoot + 3_600;
        wallLessBoot += 7_200;
        now += 1;
        watch();
        Files.setLastModifiedTime(file, FileTime.from(skipped, TimeUnit.SECONDS));
        assertTrue(named(10_099).isPresent());
        assertEquals(GOOD, named(6_000));
    }

    @Test
    void small_corrections_of_the_clock_are_none() throws IOException {
        for (int i = 0; i < 10; i++) {
            wallLessBoot++;
            now += 1_000;
            watch();
        }
        write();
        assertEquals(GOOD, named(now));
        assertEquals(0, Logged.lines("The clock was set by 1 s").size());
    }

    @Test
    void without_a_clock_nobody_counts() throws IOException {
        write();
        told = false;
        assertEquals(Optional.of("it cannot be told when process 42 started"), named(1));
    }

    @Test
    void remembers_a_bounded_number_of_files_those_looked_at_last() throws IOException {
        write();
        assertEquals(GOOD, named(10_050));
        for (int i = 0; i < 5_000; i++) {
            chronicle.seen(directory.resolve("f" + i), Optional.empty());
            if (i % 500 == 0) {
                assertTrue(named(10_060).isPresent());
            }
        }
        assertTrue(chronicle.size() <= 1_000);
    }
}
