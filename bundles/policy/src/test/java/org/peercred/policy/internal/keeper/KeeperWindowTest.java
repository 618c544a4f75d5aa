/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Karaf remembers, and no file says, lets nobody in, not for a moment. */
@Timeout(120)
class KeeperWindowTest extends KeeperFixture {

    private static final String OTHER = "org.peercred.policy.uid~zebra";

    @Test
    void a_file_that_can_be_read_at_last_stays_closed_until_what_it_says_is_in_force() throws Exception {
        write(TEAM, "allow = CORP\\ulrich\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "mallory"));
        look();
        write(TEAM, "allow = alice\n");
        passClosedWhile("mallory");
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
        assertEquals(Map.of(), doubted());
        assertEquals(List.of(), problems());
    }

    @Test
    void a_file_that_is_deleted_since_it_cannot_be_read_stays_closed_until_its_configuration_is_gone()
            throws Exception {
        Files.createDirectory(etc.resolve(TEAM));
        loaded(TEAM_PID, TEAM, Map.of("allow", "mallory"));
        look();
        Files.delete(etc.resolve(TEAM));
        passClosedWhile("mallory");
        pass(PROMISE);
        assertEquals(Set.of(), configurations.pids());
        assertEquals(Map.of(), doubted());
    }

    @Test
    void a_policy_that_was_never_loaded_stays_closed_until_it_is() throws Exception {
        Files.createDirectory(etc.resolve(TEAM));
        look();
        Files.delete(etc.resolve(TEAM));
        write(TEAM, "allow = alice\n");
        for (int i = 0; i < 10 && configurations.pids().isEmpty(); i++) {
            assertTrue(doubted().containsKey(TEAM_PID), "open after " + i);
            pass(TICK);
        }
        pass(TICK);
        assertEquals(Map.of(), doubted());
    }

    @Test
    void what_karaf_remembers_stays_closed_while_the_file_cannot_be_put_in_force() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "mallory"));
        born = Instant.now().plusSeconds(1);
        keeper = keeper();
        configurations.full = true;
        look();
        assertTrue(doubted().get(TEAM_PID).closed());
        pass(PROMISE);
        assertTrue(doubted().get(TEAM_PID).closed());
        configurations.full = false;
        pass(PROMISE);
        assertEquals(Map.of(), doubted());
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
    }

    @Test
    void a_configuration_without_its_file_is_closed_at_the_start_until_it_is_removed() throws Exception {
        loaded(TEAM_PID, TEAM, Map.of("allow", "mallory"));
        Files.createFile(etc.resolve("just now"));
        look();
        passClosedWhile("mallory");
        pass(PROMISE);
        assertEquals(Set.of(), configurations.pids());
        assertEquals(Map.of(), doubted());
    }

    @Test
    void config_admin_that_comes_late_brings_back_no_ghost() throws Exception {
        loaded(TEAM_PID, TEAM, Map.of("allow", "mallory"));
        born = Instant.now().plusSeconds(1);
        keeper = keeper();
        keeper.look(Optional.empty());
        keeper.changed();
        look();
        assertEquals(Set.of(), configurations.pids());
    }

    @Test
    void everything_is_closed_before_the_first_look_and_when_it_fails() throws Exception {
        assertTrue(doubted().get(Doubt.ALL).closed());
        readers = pid -> {
            throw new IllegalStateException("away");
        };
        write("org.peercred.theirs.cfg", "a = b\n");
        assertThrows(IllegalStateException.class, this::look);
        assertTrue(doubted().get(Doubt.ALL).closed());
        readers = pid -> true;
        look();
        assertEquals(Map.of(), doubted());
    }

    @Test
    void a_look_that_failed_is_done_again_at_once() throws Exception {
        look();
        AtomicBoolean failing = new AtomicBoolean(true);
        keeper.doubts()
                .follow(
                        doubts -> {
                            if (!doubts.isEmpty() && failing.getAndSet(false)) {
                                throw new IllegalStateException("no memory, say");
                            }
                        },
                        false);
        Files.createDirectory(etc.resolve(TEAM));
        assertThrows(IllegalStateException.class, () -> pass(PROMISE));
        pass(TICK);
        assertTrue(doubted().get(TEAM_PID).closed());
    }

    @Test
    void all_configurations_of_one_file_say_what_it_says() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        loaded(OTHER, TEAM, Map.of("allow", "alice, mallory"));
        pass(PROMISE);
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
        assertEquals(Map.of("allow", "alice"), configurations.values(OTHER));
    }

    @Test
    void a_file_that_never_rests_is_told() throws Exception {
        look();
        for (int i = 0; i < 12; i++) {
            write(TEAM, "allow = " + i + "\n");
            pass(TICK);
        }
        assertEquals(1, problems().size());
        assertTrue(problems().get(0).contains("keeps changing"), problems().get(0));
        pass(PROMISE);
        assertEquals(Map.of("allow", "11"), configurations.values(TEAM_PID));
        assertEquals(List.of(), problems());
    }

    @Test
    void a_file_that_comes_back_at_the_last_moment_is_not_gone() throws Exception {
        write(TEAM, "allow = alice\n");
        loaded(TEAM_PID, TEAM, Map.of("allow", "alice"));
        write("org.peercred.theirs.cfg", "a = b\n");
        AtomicBoolean back = new AtomicBoolean();
        readers = pid -> {
            if (back.get() && Files.notExists(etc.resolve(TEAM))) {
                restore();
            }
            return true;
        };
        pass(PROMISE);
        Files.delete(etc.resolve(TEAM));
        pass(Duration.ofMillis(2_500));
        back.set(true);
        pass(TICK);
        assertTrue(configurations.pids().contains(TEAM_PID));
        assertFalse(
                keeper.findings().stream().anyMatch(finding -> finding.problem().contains("gone")));
    }

    private void restore() {
        try {
            write(TEAM, "allow = alice\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_time_that_is_still_to_come_is_no_sign_of_a_file_being_written() {
        FileTime tomorrow = FileTime.from(Instant.now().plus(Duration.ofDays(1)));
        assertTrue(new Stamp(1, 1, tomorrow, tomorrow, true).isOlderThan(Instant.now(), PROMISE));
    }

    @Test
    void one_file_that_exhausts_the_stack_leaves_the_others_in_force() throws Exception {
        look();
        write("org.peercred.policy.uid-deep.cfg", "allow = " + "${".repeat(10_000) + "}".repeat(10_000) + "\n");
        write(TEAM, "allow = alice\n");
        pass(PROMISE.multipliedBy(2));
        assertEquals(Map.of("allow", "alice"), configurations.values(TEAM_PID));
    }

    /** Lets time pass for as long as what Karaf remembers is there, and sees that it does not count meanwhile. */
    private void passClosedWhile(String remembered) {
        for (int i = 0; i < 10; i++) {
            if (!configurations.pids().contains(TEAM_PID)
                    || !configurations.values(TEAM_PID).containsValue(remembered)) {
                return;
            }
            assertTrue(
                    doubted().containsKey(TEAM_PID) && doubted().get(TEAM_PID).closed(), "open after " + i + " looks");
            pass(TICK);
        }
    }
}
