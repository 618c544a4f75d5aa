/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.testing.Logged;

/** Files that nobody reads and files that are for one thing are told, other people's are not. */
@Timeout(120)
class KeeperNamesTest extends KeeperFixture {

    @Test
    void what_was_configured_without_a_file_is_left_alone() throws Exception {
        configurations.put("org.peercred.listener~web", Map.of("path", "/run/x"));
        pass(PROMISE);
        assertEquals(Set.of("org.peercred.listener~web"), configurations.pids());
        assertEquals(List.of(), problems());
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
    void nobody_is_missed_as_long_as_bundles_are_still_to_start() throws Exception {
        starting = true;
        readers = pid -> !starting && pid.equals("org.peercred.console");
        write("org.peercred.console.cfg", "banner = true\n");
        write("org.peercred.consoles.cfg", "banner = true\n");
        pass(PROMISE);
        assertEquals(List.of(), problems());
        starting = false;
        pass(TICK);
        assertEquals(List.of("Nobody reads etc/org.peercred.consoles.cfg: what it says is not in force."), problems());
        assertEquals(
                0,
                Logged.lines("WARN", "Nobody reads etc/org.peercred.console.cfg")
                        .size());
    }

    @Test
    void nobody_is_missed_who_is_back_within_a_moment() throws Exception {
        write("org.peercred.restarted.cfg", "banner = true\n");
        readers = pid -> true;
        pass(PROMISE);
        readers = pid -> false;
        keeper.changed();
        pass(TICK.multipliedBy(4));
        assertEquals(List.of(), problems());
        readers = pid -> true;
        keeper.changed();
        pass(TICK);
        readers = pid -> false;
        keeper.changed();
        pass(TICK.multipliedBy(4));
        assertEquals(List.of(), problems());
        pass(PROMISE);
        assertEquals(List.of("Nobody reads etc/org.peercred.restarted.cfg: what it says is not in force."), problems());
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
    void each_matter_is_logged_once() throws Exception {
        look();
        write("org.peercred.policy.uid_once.cfg", "allow = 1\n");
        pass(PROMISE.multipliedBy(4));
        assertEquals(
                1,
                Logged.lines("WARN", "Nobody reads etc/org.peercred.policy.uid_once.cfg")
                        .size());
    }
}
