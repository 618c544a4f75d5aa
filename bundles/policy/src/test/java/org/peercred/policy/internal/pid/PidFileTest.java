/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.testing.Settings;

/** What a pid file names, and that it is followed. */
@Timeout(120)
class PidFileTest extends PidFixture {

    @Test
    void a_pid_file_is_followed_when_it_changes() throws IOException {
        Path file = pidFile("4242\n");
        PidPolicy policy = policy("file:" + file);
        assertEquals(LISTED, verdict(policy, peer(4242)));
        kernel.start(4300, 5);
        Files.writeString(file, "4300");
        assertEquals(UNLISTED, verdict(policy, peer(4300)));
        background.pass(Duration.ofSeconds(1));
        assertEquals(List.of("changed"), told);
        assertEquals(LISTED, verdict(policy, peer(4300)));
        assertEquals(UNLISTED, verdict(policy, peer(4242)));
        assertEquals(2, kernel.open(), "what a decision may still be using is kept for a while");
        background.pass(Duration.ofSeconds(20));
        assertEquals(1, kernel.open());
        assertEquals(LISTED, verdict(policy, peer(4300)));
        assertEquals(List.of("changed"), told);
    }

    @Test
    void a_pid_file_may_come_later() throws IOException {
        Path file = directory.resolve("x.pid");
        PidPolicy policy = policy("file:" + file);
        assertEquals(UNLISTED, verdict(policy, peer(4242)));
        background.pass(Duration.ofSeconds(5));
        assertEquals(List.of(), told);
        pidFile("4242\n");
        background.pass(Duration.ofSeconds(1));
        assertEquals(LISTED, verdict(policy, peer(4242)));
        Files.delete(file);
        background.pass(Duration.ofSeconds(2));
        assertEquals(UNLISTED, verdict(policy, peer(4242)));
        assertEquals(List.of("changed", "changed"), told);
    }

    @Test
    void a_pid_file_in_the_middle_of_being_rewritten_disconnects_nobody() throws IOException {
        Path file = pidFile("4242\n");
        PidPolicy policy = policy("file:" + file);
        for (int i = 0; i < 3; i++) {
            Files.writeString(file, "");
            background.pass(Duration.ofSeconds(1));
            assertEquals(LISTED, verdict(policy, peer(4242)));
            Files.writeString(file, "4242\n");
            background.pass(Duration.ofSeconds(1));
            assertEquals(LISTED, verdict(policy, peer(4242)));
        }
        assertEquals(List.of(), told);
        assertEquals(1, kernel.open());
        Files.writeString(file, "");
        background.pass(Duration.ofSeconds(2));
        assertEquals(UNLISTED, verdict(policy, peer(4242)));
    }

    @Test
    void a_stale_pid_file_names_a_stranger_and_pins_nothing() throws IOException {
        Path file = pidFile("4242\n");
        age(file, Duration.ofHours(2));
        assertEquals(
                Verdict.abstain("the process is on the list but was not pinned: process 4242 started after " + file
                        + " was written, or the clock was set since"),
                verdict(policy("file:" + file), peer(4242)));
    }

    @Test
    void pins_numbers_once_whatever_happens_to_pid_files() throws IOException {
        Path file = pidFile("4242");
        kernel.start(5, 60);
        Map<String, Object> settings = Settings.fileless("pid", "list", "allow", "5, 6, file:" + file);
        PidPolicy policy = policy(settings);
        kernel.start(6, 0);
        kernel.start(4300, 5);
        Files.writeString(file, "4300");
        background.pass(Duration.ofSeconds(30));
        assertEquals(LISTED, verdict(policy, peer(4300)));
        assertEquals(LISTED, verdict(policy, peer(5)));
        assertFalse(verdict(policy, peer(6)).equals(LISTED), "6 was nobody's when the configuration was loaded");
        policy.modified(settings);
        assertFalse(verdict(policy, peer(6)).equals(LISTED), "the same configuration again is no other");
    }

    @Test
    void an_empty_pid_file_grants_nothing_and_is_no_error() throws IOException {
        Path file = pidFile("");
        assertEquals(UNLISTED, verdict(policy("file:" + file), peer(4242)));
        assertEquals(0, Logged.lines("WARN", file.toString()).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "-4242", "0", "4242x", "4194305", "99999999999999999999", "\n4242x", "PID=4242", "4242 java"
            })
    void a_pid_file_without_a_process_id_grants_nothing_and_says_so_once(String content) throws IOException {
        Path file = pidFile(content);
        PidPolicy policy = policy("file:" + file);
        String why = file + " holds no process id";
        assertEquals(Verdict.abstain("the process is not on the list (" + why + ")"), verdict(policy, peer(4242)));
        background.pass(Duration.ofSeconds(5));
        assertEquals(1, Logged.lines("WARN", why + ", and grants nothing.").size());
    }

    @Test
    void what_names_a_younger_process_is_warned_about_once() throws IOException {
        Path file = pidFile("4242");
        age(file, Duration.ofHours(2));
        policy("4242, file:" + file);
        background.pass(Duration.ofSeconds(5));
        assertEquals(
                1,
                Logged.lines("WARN", "allow = file:" + file + ": process 4242 started after")
                        .size());
        age(directory.resolve("org.peercred.policy.pid-list.cfg"), Duration.ofHours(2));
        policy("4242");
        assertTrue(
                Logged.lines("WARN", "allow = 4242: process 4242 started after").size() > 0);
    }

    @Test
    void a_number_that_was_given_out_again_under_the_same_file_is_refused_with_that_reason() throws IOException {
        Path file = pidFile("4242");
        assertEquals(LISTED, verdict(policy("4242, file:" + file), peer(4242)));
        kernel.end(4242);
        // Older by what the file's date and the clock say, as after a clock was set back.
        kernel.start(4242, 1800);
        String reason = "the process is on the list but was not pinned: process 4242 is another than %s named before:"
                + " its number was given out again";
        assertEquals(Verdict.abstain(reason.formatted(file)), verdict(policy("file:" + file), peer(4242)));
        assertEquals(
                Verdict.abstain(reason.formatted("etc/org.peercred.policy.pid-list.cfg")),
                verdict(policy("4242"), peer(4242)));
        Path other = directory.resolve("new.pid");
        Files.writeString(other, "4242");
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        assertEquals(LISTED, verdict(policy("file:" + file), peer(4242)));
    }

    @ParameterizedTest
    @CsvSource({"4242", "' 4242 '", "'4242\n/var/lib/data\nmore'", "'4242\r\n'"})
    void a_pid_file_has_the_process_id_on_its_first_line(String content) throws IOException {
        assertEquals(LISTED, verdict(policy("file:" + pidFile(content)), peer(4242)));
    }

    @Test
    void pid_files_are_watched_on_whatever_is_thrown_meanwhile() throws IOException {
        Path file = pidFile("4242");
        PidPolicy policy = policy("file:" + file);
        kernel.start(4300, 5);
        Files.writeString(file, "4300");
        kernel.errors = 2;
        policy.onChange(() -> {
            if (told.size() < 2) {
                told.add("failed");
                throw new OutOfMemoryError("a test of running out of memory");
            }
            told.add("changed");
        });
        background.pass(Duration.ofSeconds(10));
        assertEquals(LISTED, verdict(policy, peer(4300)));
        assertEquals(List.of("failed", "failed", "changed"), told);
        kernel.start(4400, 5);
        Files.writeString(file, "4400");
        background.pass(Duration.ofSeconds(1));
        assertEquals(LISTED, verdict(policy, peer(4400)));
    }

    @Test
    void looks_after_its_pid_files_no_longer_than_it_lives() throws IOException {
        PidPolicy policy = policy("file:" + pidFile("4242"));
        policy.deactivate();
        assertEquals(0, kernel.open());
        background.pass(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), background.untilNext());
    }
}
