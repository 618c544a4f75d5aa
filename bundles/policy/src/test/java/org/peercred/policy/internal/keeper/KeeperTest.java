/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.common.testing.Logged;

/** What stands in the files is in force within five seconds, or it is said that it is not. */
@Timeout(120)
class KeeperTest extends KeeperFixture {

    @Test
    void a_file_that_was_not_loaded_is_loaded_and_known_as_the_file_s_own() throws Exception {
        look();
        write(TEAM, "allow = alice, bob\n");
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice, bob"), configurations.values(TEAM_PID));
        assertEquals(etc.toRealPath().resolve(TEAM).toFile().toURI().toString(), configurations.file(TEAM_PID));
        assertEquals(List.of(), problems());
    }

    @Test
    void a_configuration_that_there_is_once_is_loaded_too() throws Exception {
        look();
        write("org.peercred.policy.owner.cfg", "listeners = echo\n");
        pass(PROMISE);
        assertEquals(Map.of("listeners", "echo"), configurations.values("org.peercred.policy.owner"));
    }

    @Test
    void a_change_that_was_not_taken_is_taken() throws Exception {
        write(TEAM, "allow = alice, bob\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice, bob"));
        look();
        write(TEAM, "allow = alice\n");
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
    }

    @Test
    void karaf_has_its_chance_first() throws Exception {
        look();
        write(TEAM, "allow = alice\n");
        pass(Duration.ofSeconds(2));
        assertEquals(Set.of(), configurations.pids());
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        keeper.changed();
        pass(PROMISE);
        assertEquals(0, configurations.updates);
    }

    @Test
    void karaf_has_a_longer_chance_while_it_is_at_it_but_no_longer_than_the_promise() throws Exception {
        look();
        write(TEAM, "allow = alice\n");
        for (int i = 0; i < 6; i++) {
            keeper.changed();
            pass(TICK);
        }
        assertEquals(Set.of(), configurations.pids());
        for (int i = 0; i < 4; i++) {
            keeper.changed();
            pass(TICK);
        }
        assertEquals(Set.of(TEAM_PID), configurations.pids());
    }

    @Test
    void a_change_on_the_console_that_reaches_the_file_later_is_left_alone() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        pass(PROMISE);
        loaded(TEAM_PID, TEAM, Map.of("allow", "bob"));
        keeper.changed();
        pass(Duration.ofSeconds(2));
        write(TEAM, "allow = bob\n");
        pass(PROMISE);
        assertEquals(Map.of("allow", "bob"), configurations.values(TEAM_PID));
        assertEquals(0, configurations.updates);
    }

    @Test
    void one_that_never_reaches_the_file_is_undone_since_the_file_counts() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        pass(PROMISE);
        loaded(TEAM_PID, TEAM, Map.of("allow", "bob"));
        keeper.changed();
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
    }

    @Test
    void a_configuration_that_is_deleted_on_the_console_does_not_come_back() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        pass(PROMISE);
        configurations.remove(TEAM_PID);
        keeper.changed();
        pass(Duration.ofSeconds(2));
        Files.delete(etc.resolve(TEAM));
        pass(PROMISE);
        assertEquals(Set.of(), configurations.pids());
        assertEquals(0, configurations.updates);
    }

    @Test
    void a_file_that_is_still_written_is_waited_for() throws Exception {
        look();
        for (int i = 0; i < 20; i++) {
            Files.writeString(etc.resolve(TEAM), "allow = " + "alice, ".repeat(i) + "bob\n");
            pass(TICK);
        }
        assertEquals(Set.of(), configurations.pids());
    }

    @Test
    void fifteen_hundred_files_at_once_are_loaded_and_then_cost_little() throws Exception {
        look();
        for (int i = 0; i < 1_500; i++) {
            write("org.peercred.policy.uid-u" + i + ".cfg", "allow = " + i + "\n");
        }
        pass(PROMISE);
        assertEquals(1_500, configurations.pids().size());
        assertEquals(List.of(), problems());
        assertEquals(Map.of("allow", "1499"), configurations.values("org.peercred.policy.uid~u1499"));
    }

    @Test
    void the_same_values_are_no_change_whatever_karaf_added_and_however_they_are_written() throws Exception {
        properties.put("who", "alice");
        write(TEAM, "# a comment\nallow = ${who} \\\n  , bob\nname=\"team\"\nnote = trailing  \n");
        Map<String, Object> values = new FileReaderProbe(properties).read(etc.resolve(TEAM));
        Map<String, Object> more = new HashMap<>(values);
        more.put("org.apache.karaf.features.configKey", "x");
        loaded(TEAM_PID, TEAM, more);
        pass(PROMISE);
        assertEquals(0, configurations.updates);
        assertTrue(values.get("allow").toString().startsWith("alice"), values.toString());
    }

    @Test
    void lists_of_a_typed_file_are_compared_by_what_is_in_them() throws Exception {
        write(TEAM, "allow = [ \"alice\", \"bob\" ]\notherwise = \"deny\"\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", new String[] {"alice", "bob"}, "otherwise", "deny"));
        pass(PROMISE);
        assertEquals(0, configurations.updates);
    }

    @Test
    void a_configuration_by_its_uuid_is_known_by_its_file() throws Exception {
        write(TEAM, "allow = alice\n");
        String pid = "org.peercred.policy.uid.0d2c-1";
        loaded(pid, TEAM, Map.of("allow", "bob"));
        pass(PROMISE);
        assertEquals(Set.of(pid), configurations.pids());
        assertEquals(Map.of("allow", "alice"), configurations.values(pid));
    }

    @Test
    void what_was_configured_without_a_file_is_left_alone() throws Exception {
        configurations.put("org.peercred.listener~web", Map.of("path", "/run/x"));
        pass(PROMISE);
        assertEquals(Set.of("org.peercred.listener~web"), configurations.pids());
        assertEquals(List.of(), problems());
    }

    @Test
    void a_configuration_whose_file_was_deleted_while_nobody_looked_goes_before_anybody_decides() throws Exception {
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        born = Instant.now().plusSeconds(1);
        keeper = keeper();
        look();
        assertEquals(Set.of(), configurations.pids());
    }

    @Test
    void one_that_is_deleted_and_written_again_is_not_taken_for_gone() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        look();
        Files.delete(etc.resolve(TEAM));
        pass(Duration.ofSeconds(2));
        write(TEAM, "allow = alice\n");
        pass(PROMISE);
        assertEquals(Set.of(TEAM_PID), configurations.pids());
        Files.delete(etc.resolve(TEAM));
        pass(PROMISE);
        assertEquals(Set.of(), configurations.pids());
    }

    @Test
    void a_renamed_file_leaves_no_ghost() throws Exception {
        write("org.peercred.listener-old.cfg", "path = /run/x\n");
        loaded("org.peercred.listener~old", "org.peercred.listener-old.cfg", Map.of("path", "/run/x"));
        look();
        Files.move(etc.resolve("org.peercred.listener-old.cfg"), etc.resolve("org.peercred.listener-new.cfg"));
        pass(PROMISE);
        assertEquals(Set.of("org.peercred.listener~new"), configurations.pids());
    }

    @Test
    void an_installation_that_was_moved_is_at_home_in_its_new_place() throws Exception {
        write(TEAM, "allow = alice\n");
        configurations.put(TEAM_PID, Map.of("allow", "alice", Values.FILE, "file:/nowhere/etc/" + TEAM));
        pass(PROMISE);
        assertEquals(Set.of(TEAM_PID), configurations.pids());
        assertEquals(etc.toRealPath().resolve(TEAM).toFile().toURI().toString(), configurations.file(TEAM_PID));
    }

    @Test
    void a_mark_against_changes_is_no_obstacle_and_stays() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "bob"));
        configurations.markReadOnly(TEAM_PID);
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
        assertTrue(configurations.isReadOnly(TEAM_PID));
        Files.delete(etc.resolve(TEAM));
        pass(PROMISE);
        assertEquals(Set.of(), configurations.pids());
    }

    @Test
    void a_directory_that_is_swapped_as_a_whole_counts() throws Exception {
        write(TEAM, "allow = alice\n");
        write("org.peercred.roles-a.cfg", "viewer = uid:1\n");
        pass(PROMISE);
        Path next = Files.createDirectory(home.resolve("etc.next"));
        Files.writeString(next.resolve(TEAM), "allow = carol\n");
        Files.move(etc, home.resolve("etc.before"));
        pass(Duration.ofSeconds(2));
        assertEquals(2, configurations.pids().size());
        Files.move(next, etc);
        pass(PROMISE);
        assertEquals(Set.of(TEAM_PID), configurations.pids());
        assertEquals(Map.of("allow", "carol"), configurations.values(TEAM_PID));
    }

    @Test
    void a_link_that_is_switched_to_another_directory_counts() throws Exception {
        Path first = Files.createDirectory(home.resolve("v1"));
        Path second = Files.createDirectory(home.resolve("v2"));
        Files.writeString(first.resolve(TEAM), "allow = 1\n");
        Files.writeString(second.resolve(TEAM), "allow = 2\n");
        Path data = Files.createSymbolicLink(etc.resolve("..data"), first);
        Files.createSymbolicLink(etc.resolve(TEAM), Path.of("..data", TEAM));
        pass(PROMISE);
        assertEquals(Map.of("allow", "1"), configurations.values(TEAM_PID));
        Files.createSymbolicLink(etc.resolve("..next"), second);
        Files.move(etc.resolve("..next"), data, StandardCopyOption.ATOMIC_MOVE);
        pass(PROMISE);
        assertEquals(Map.of("allow", "2"), configurations.values(TEAM_PID));
        Files.writeString(second.resolve(TEAM), "allow = 3\n");
        pass(PROMISE);
        assertEquals(Map.of("allow", "3"), configurations.values(TEAM_PID));
    }

    @Test
    void the_same_size_and_time_do_not_hide_a_change() throws Exception {
        write(TEAM, "allow = 1\n");
        pass(PROMISE);
        FileTime time = Files.getLastModifiedTime(etc.resolve(TEAM));
        Files.writeString(etc.resolve(TEAM), "allow = 2\n");
        Files.setLastModifiedTime(etc.resolve(TEAM), time);
        pass(PROMISE);
        assertEquals(Map.of("allow", "2"), configurations.values(TEAM_PID));
    }

    @ParameterizedTest
    @CsvSource({
        "org.peercred.policy.uid_block.cfg, Rename it to etc/org.peercred.policy.uid-block.cfg.",
        "org.peercred.policy.uid.team.cfg, Rename it to etc/org.peercred.policy.uid-team.cfg.",
        "org.peercred.policy.uid~team.cfg, Rename it to etc/org.peercred.policy.uid-team.cfg.",
        "org.peercred.policy.executables-x.cfg, Rename it to etc/org.peercred.policy.executable-x.cfg.",
        "org.peercred.policy.UID-x.cfg, Rename it to etc/org.peercred.policy.uid-x.cfg.",
        "org.peercred.polices.uid-x.cfg, Rename it to etc/org.peercred.policy.uid-x.cfg.",
        "org.percred.policy.uid-x.cfg, Rename it to etc/org.peercred.policy.uid-x.cfg.",
        "Org.Peercred.policy.uid-x.cfg, Rename it to etc/org.peercred.policy.uid-x.cfg.",
        "org.peercred.listener.echo.cfg, Rename it to etc/org.peercred.listener-echo.cfg.",
        "org.peercred.policy.uid-x.conf, Rename it to etc/org.peercred.policy.uid-x.cfg.",
        "org.peercred.policy.uid-x.CFG, Rename it to etc/org.peercred.policy.uid-x.cfg.",
        "org.peercred.policy.owner.properties, Rename it to etc/org.peercred.policy.owner.cfg."
    })
    void a_name_that_nobody_reads_is_told_with_the_one_that_was_meant(String name, String remedy) throws Exception {
        look();
        write(name, "allow = 1\n");
        pass(PROMISE);
        assertEquals(List.of("Nobody reads etc/" + name + ": what it says is not in force."), problems(), name);
        assertEquals(remedy, keeper.findings().get(0).remedy());
        Files.delete(etc.resolve(name));
        pass(PROMISE);
        assertEquals(List.of(), problems());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.peercred.policy.uid-x.cfg.bak",
                "org.peercred.policy.uid-x.cfg~",
                ".org.peercred.policy.uid-x.cfg.swp",
                "org.peercred.mine-x.cfg",
                "org.apache.karaf.shell.cfg",
                "org.ops4j.pax.logging.cfg",
                "users.properties",
                "config.properties"
            })
    void copies_and_other_people_s_files_are_left_alone(String name) throws Exception {
        look();
        write(name, "allow = 1\n");
        pass(PROMISE);
        assertEquals(List.of(), problems());
    }

    @Test
    void two_files_for_one_configuration_are_told() throws Exception {
        look();
        write(TEAM, "allow = 1\n");
        write("org.peercred.policy.uid-team.config", "allow = \"2\"\n");
        pass(PROMISE);
        assertEquals(2, problems().size());
        assertTrue(
                problems().get(0).contains("uid-team.config is for the same configuration"),
                problems().toString());
        assertEquals(0, configurations.updates);
    }

    @Test
    void two_configurations_of_one_file_are_told() throws Exception {
        write(TEAM, "allow = 1\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "1"));
        loaded("org.peercred.policy.uid.77-1", TEAM, Map.of("allow", "2"));
        pass(PROMISE);
        assertEquals(1, problems().size());
        assertTrue(
                problems().get(0).contains("there are several configurations of it"),
                problems().toString());
    }

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

    @Test
    void each_matter_is_logged_once() throws Exception {
        look();
        write("org.peercred.policy.uid_once.cfg", "allow = 1\n");
        pass(PROMISE.multipliedBy(4));
        assertEquals(
                1,
                Logged.lines("WARN", "Nobody reads etc/org.peercred.policy.uid_once.cfg")
                        .size());
    }

    @Test
    void letters_are_read_as_karaf_reads_them() throws Exception {
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        look();
        Files.writeString(etc.resolve("org.peercred.listener-a.cfg"), "denied.message = für\n", UTF_8);
        pass(PROMISE);
        assertEquals(Map.of("denied.message", "für"), configurations.values("org.peercred.listener~a"));
    }
}
