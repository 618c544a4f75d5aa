/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are deleted, renamed or swapped, one by one or with their directory. */
@Timeout(120)
class KeeperRemovalTest extends KeeperFixture {

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
}
