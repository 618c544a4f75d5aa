/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    void letters_are_read_as_karaf_reads_them() throws Exception {
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        look();
        Files.writeString(etc.resolve("org.peercred.listener-a.cfg"), "denied.message = für\n", UTF_8);
        pass(PROMISE);
        assertEquals(Map.of("denied.message", "für"), configurations.values("org.peercred.listener~a"));
    }
}
