/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.AccessControl;
import org.peercred.access.Proposal;
import org.peercred.access.Proposal.Change;
import org.peercred.policy.internal.testing.Settings;

/** Files that are tried and not put in force. */
@Timeout(120)
class DryRunTest extends DryRunFixture {

    @Test
    void a_policy_decides_in_the_place_of_the_one_in_force_which_goes_on() throws Exception {
        decisions.add("team", allowing("uid~team", 1001), Set.of(TEAM_PID));
        decisions.add("other", allowing("uid~other", 1005), Set.of("org.peercred.policy.uid~other"));
        long generation = decisions.generation();
        try (Proposal proposal = tried(TEAM, "allow = bob\n")) {
            assertEquals(List.of(), proposal.result().problems());
            assertEquals(TEAM_PID, proposal.pid());
            AccessControl then = proposal.access().orElseThrow();
            assertFalse(decision(then, 1001).allowed());
            assertTrue(decision(then, 1002).allowed());
            assertEquals(Optional.of("uid~team"), decision(then, 1002).policy());
            assertTrue(decision(then, 1005).allowed());
            assertEquals(2, then.policies().size());
        }
        assertTrue(decision(decisions, 1001).allowed());
        assertFalse(decision(decisions, 1002).allowed());
        assertEquals(generation, decisions.generation());
    }

    @Test
    void a_policy_that_there_was_not_stands_beside_the_others() throws Exception {
        decisions.add("team", allowing("uid~team", 1001), Set.of(TEAM_PID));
        try (Proposal proposal = tried("org.peercred.policy.superuser.cfg", "")) {
            AccessControl then = proposal.access().orElseThrow();
            assertTrue(decision(then, 1001).allowed());
            assertEquals("UID mismatch (0 != 1000)", decision(then, 0).reason());
        }
        assertEquals(1, decisions.policies().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org.peercred.policy.uid-a.cfg | allow = alice | ",
                "org.peercred.policy.group-a.cfg | allow = 10 | ",
                "org.peercred.policy.pid-a.cfg | allow = 1 | ",
                "org.peercred.policy.executable-a.cfg | only = /usr/bin/nc | ",
                "org.peercred.policy.cgroup-a.cfg | allow = /system.slice | ",
                "org.peercred.policy.command-a.cfg | view = viewer | ",
                "org.peercred.policy.http-a.cfg | rules = * /** = admin | ",
                "org.peercred.policy.owner.config | listeners = \"echo\" | ",
                "org.peercred.roles-a.cfg | viewer = uid:7 | ",
                "org.peercred.policy.uid-a.cfg | alow = 5 | alow",
                "org.peercred.policy.uid-a.cfg | allow = carol | carol",
                "org.peercred.policy.executable-a.cfg | only = nc | only = nc",
                "org.peercred.policy.http-a.cfg | rules = x | rules",
                "org.peercred.roles-a.cfg | viewer = everybody | viewer = everybody",
                "org.peercred.roles-a.cfg | viewer = user:carol | carol",
                "org.peercred.policy.uid_a.cfg | allow = 5 | Rename it to etc/org.peercred.policy.uid-a.cfg",
                "org.peercred.policy.uid-a.yaml | allow = 5 | Nobody reads",
                "org.peercred.policy.uid-a.json | {} | cannot be tried",
            })
    void what_would_be_rejected_is_told_for_every_kind(String name, String text, String problem) throws Exception {
        try (Proposal proposal = tried(name, text + "\n")) {
            String problems = String.join(" ", proposal.result().problems());
            if (problem == null) {
                assertEquals("", problems);
            } else {
                assertTrue(problems.contains(problem), problems);
                assertTrue(proposal.access().isEmpty());
            }
        }
    }

    @Test
    void all_problems_are_told_each_by_itself() throws Exception {
        try (Proposal proposal = tried(TEAM, "allow = -1\notherwise = perhaps\nlisten = a\n")) {
            assertEquals(
                    3, proposal.result().problems().size(), proposal.result().problems()::toString);
            assertTrue(proposal.result().problems().stream().allMatch(p -> p.startsWith("etc/" + TEAM + ": ")));
        }
    }

    @Test
    void changes_are_told_against_what_is_in_force() throws Exception {
        configurations.put(Settings.of("uid", "team", "allow", "alice", "otherwise", "deny"));
        try (Proposal proposal = tried(TEAM, "allow = bob\nlisteners = echo\n")) {
            assertEquals(
                    List.of(
                            new Change("allow", Optional.of("alice"), Optional.of("bob")),
                            new Change("listeners", Optional.empty(), Optional.of("echo")),
                            new Change("otherwise", Optional.of("deny"), Optional.empty())),
                    proposal.changes());
        }
    }

    @Test
    void other_bundles_files_are_left_to_them() throws Exception {
        try (Proposal proposal = tried("org.peercred.mine.cfg", "a = b\n")) {
            assertEquals(List.of(), proposal.result().problems());
            assertEquals(1, proposal.result().warnings().size());
            assertTrue(proposal.access().isEmpty());
        }
    }

    @Test
    void a_link_is_not_followed_since_who_asks_may_not_be_who_may_read_it() throws Exception {
        Path secret = write("secret", "allow = 1001\n");
        Path link = Files.createSymbolicLink(home.resolve(TEAM), secret);
        try (Proposal proposal = dryRun.read(link)) {
            assertEquals(
                    List.of("etc/" + TEAM + " cannot be read: it is a symbolic link."),
                    proposal.result().problems());
            assertEquals(List.of(), proposal.changes());
        }
    }

    @Test
    void what_cannot_be_read_is_told() throws Exception {
        try (Proposal proposal = dryRun.read(home.resolve(TEAM))) {
            assertEquals(
                    List.of("etc/" + TEAM + " cannot be read: there is no such file."),
                    proposal.result().problems());
        }
        Files.createDirectory(home.resolve(TEAM));
        try (Proposal proposal = dryRun.read(home.resolve(TEAM))) {
            assertEquals(
                    List.of("etc/" + TEAM + " cannot be read: it is no file."),
                    proposal.result().problems());
        }
    }

    @Test
    void a_name_service_that_is_down_is_no_answer_to_rest_on() throws Exception {
        users.down.add("alice");
        try (Proposal proposal = tried(TEAM, "allow = alice\n")) {
            assertEquals(1, proposal.result().problems().size());
            assertTrue(proposal.access().isEmpty());
        }
    }
}
