/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;

/** What cannot be read closes or stays as it was, and what cannot be put in force is told. */
@Timeout(120)
class KeeperUnreadableTest extends KeeperFixture {

    @Test
    void a_malformed_file_at_the_start_closes_and_karaf_s_memory_does_not_count() throws Exception {
        write(TEAM, "allow = CORP\\ulrich\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        look();
        assertTrue(doubted().get(TEAM_PID).closed());
        assertTrue(
                problems().get(0).startsWith("etc/" + TEAM + " cannot be read: it is malformed"),
                problems().get(0));
        assertEquals(Area.POLICY, keeper.findings().get(0).area());
        write(TEAM, "allow = CORP\\\\ulrich\n");
        pass(PROMISE);
        assertEquals(Map.of(), doubted());
        assertEquals(List.of(), problems());
        assertEquals(Map.of("allow", "CORP\\ulrich"), configurations.values(TEAM_PID));
    }

    @Test
    void a_file_that_can_no_longer_be_read_leaves_what_it_said_in_force() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        look();
        assertEquals(Map.of(), doubted());
        Files.delete(etc.resolve(TEAM));
        Files.createSymbolicLink(etc.resolve(TEAM), Path.of("nowhere"));
        pass(PROMISE);
        assertFalse(doubted().get(TEAM_PID).closed());
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
        assertTrue(
                problems().get(0).endsWith("What it said when it was last read stays in force."),
                problems().get(0));
        Files.writeString(etc.resolve("nowhere"), "allow = bob\n");
        pass(PROMISE);
        assertEquals(Map.of(), doubted());
        assertEquals(Map.of("allow", "bob"), configurations.values(TEAM_PID));
    }

    @Test
    void an_unreadable_file_that_was_never_loaded_closes() throws Exception {
        Files.createDirectory(etc.resolve(TEAM));
        look();
        assertTrue(doubted().get(TEAM_PID).closed());
    }

    @Test
    void a_pipe_in_place_of_a_file_is_never_opened_and_it_is_told_that_karaf_waits_for_it() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", etc.resolve(TEAM).toString())
                        .start()
                        .waitFor());
        look();
        assertTrue(doubted().get(TEAM_PID).closed());
        Finding finding = keeper.findings().get(0);
        assertEquals(
                "etc/" + TEAM + " cannot be read: it is no file. The policy denies everything on every listener.",
                finding.problem());
        assertTrue(finding.remedy().contains("start the container anew"), finding.remedy());
    }

    @Test
    void a_file_that_is_unreadable_while_it_is_written_is_no_news() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        look();
        write(TEAM, "allow = \\u");
        pass(Duration.ofSeconds(2));
        assertEquals(Map.of(), doubted());
        assertEquals(List.of(), problems());
    }

    @Test
    void a_directory_that_cannot_be_listed_at_the_start_closes_everything() throws Exception {
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        Files.delete(etc);
        look();
        assertTrue(doubted().get(Doubt.ALL).closed());
        assertEquals(Set.of(TEAM_PID), configurations.pids());
        Files.createDirectory(etc);
        write(TEAM, "allow = alice\n");
        pass(PROMISE);
        assertEquals(Map.of(), doubted());
        assertEquals(List.of(), problems());
    }

    @Test
    void a_directory_that_cannot_be_listed_later_deletes_nothing_and_is_told() throws Exception {
        write(TEAM, "allow = alice\n");
        pass(PROMISE);
        Files.move(etc, home.resolve("away"));
        pass(PROMISE.multipliedBy(3));
        assertEquals(Set.of(TEAM_PID), configurations.pids());
        assertEquals(1, problems().size());
        assertTrue(
                problems().get(0).startsWith("The directory etc cannot be listed"),
                problems().toString());
    }

    @Test
    void what_cannot_be_put_in_force_is_told_and_tried_again() throws Exception {
        look();
        configurations.full = true;
        write(TEAM, "allow = alice\n");
        pass(PROMISE.multipliedBy(2));
        assertEquals(
                List.of("etc/" + TEAM
                        + " was not loaded by Karaf, and it cannot be put in force: No space left on device."),
                problems());
        configurations.full = false;
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
        assertEquals(List.of(), problems());
    }

    @Test
    void a_config_admin_that_does_not_answer_is_told_and_asked_again() throws Exception {
        configurations.broken = true;
        write(TEAM, "allow = alice\n");
        pass(PROMISE);
        assertEquals(1, problems().size());
        configurations.broken = false;
        pass(PROMISE);
        assertEquals(Set.of(TEAM_PID), configurations.pids());
        assertEquals(List.of(), problems());
    }

    @Test
    void without_config_admin_files_are_read_and_what_cannot_be_read_closes() throws Exception {
        Files.createDirectory(etc.resolve(TEAM));
        keeper.look(Optional.empty());
        assertTrue(doubted().get(TEAM_PID).closed());
    }
}
