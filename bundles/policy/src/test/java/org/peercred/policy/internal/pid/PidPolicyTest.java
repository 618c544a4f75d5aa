/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.credentials.PeerProcess.Ancestor;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeProcess;
import org.peercred.policy.internal.testing.Settings;

/** Which processes a list of process ids lets in. */
@Timeout(120)
class PidPolicyTest extends PidFixture {

    @Test
    void allows_the_process_that_had_the_number_when_it_was_written_down() throws IOException {
        PidPolicy policy = policy("4242, 17");
        assertEquals("pid~list", policy.id());
        assertEquals(LISTED, verdict(policy, peer(4242)));
        kernel.start(99, 10);
        assertEquals(UNLISTED, verdict(policy, peer(99)));
        assertEquals(
                Verdict.deny("the process is not on the list"), verdict(policy("4242", "otherwise", "deny"), peer(99)));
    }

    @Test
    void a_recycled_number_grants_nothing() throws IOException {
        PidPolicy policy = policy("4242");
        kernel.end(4242);
        kernel.start(4242, 0);
        assertEquals(UNLISTED, verdict(policy, peer(4242)));
    }

    @Test
    void a_process_that_has_ended_grants_nothing_to_who_still_holds_its_connection() throws IOException {
        PidPolicy policy = policy("4242");
        FakePeer peer = peer(4242);
        assertEquals(LISTED, verdict(policy, peer));
        kernel.end(4242);
        assertEquals(UNLISTED, verdict(policy, peer));
    }

    @Test
    void a_process_that_started_after_the_number_was_written_down_grants_nothing() throws IOException {
        Map<String, Object> settings = settings("4242");
        age(directory.resolve("org.peercred.policy.pid-list.cfg"), Duration.ofHours(2));
        PidPolicy policy = policy(settings);
        assertEquals(
                Verdict.abstain("the process is on the list but was not pinned: process 4242 started after"
                        + " etc/org.peercred.policy.pid-list.cfg was written, or the clock was set since"),
                verdict(policy, peer(4242)));
        assertEquals(0, kernel.open());
    }

    @Test
    void a_configuration_dated_in_the_future_pins_nothing() throws IOException {
        Map<String, Object> settings = settings("4242");
        age(directory.resolve("org.peercred.policy.pid-list.cfg"), Duration.ofHours(-2));
        assertEquals(
                Verdict.abstain("the process is on the list but was not pinned:"
                        + " etc/org.peercred.policy.pid-list.cfg is dated in the future"),
                verdict(policy(settings), peer(4242)));
    }

    @Test
    void a_configuration_whose_file_is_gone_pins_nothing() throws IOException {
        Map<String, Object> settings = settings("4242");
        Files.delete(directory.resolve("org.peercred.policy.pid-list.cfg"));
        assertFalse(verdict(policy(settings), peer(4242)).equals(LISTED));
    }

    @Test
    void without_a_file_the_process_must_be_there_when_the_configuration_is_loaded() throws IOException {
        kernel.start(5, 0);
        PidPolicy policy = policy(Settings.fileless("pid", "list", "allow", "4242, 5, 6"));
        assertEquals(LISTED, verdict(policy, peer(4242)));
        assertEquals(LISTED, verdict(policy, peer(5)));
        kernel.start(6, 0);
        background.pass(Duration.ofMinutes(1));
        assertEquals(
                Verdict.abstain("the process is on the list but was not pinned: no process has the number 6"),
                verdict(policy, peer(6)));
    }

    @Test
    void a_peer_whose_start_time_is_not_known_is_granted_nothing() throws IOException {
        PidPolicy policy = policy("4242");
        FakePeer peer = FakePeer.uid(1).running(kernel.now(4242).noStart());
        assertEquals(UNLISTED, verdict(policy, peer));
    }

    @Test
    void a_bare_number_is_never_enough() throws IOException {
        PidPolicy policy = policy("4242");
        FakePeer unpinned = FakePeer.uid(1).pid(4242).noProcess("this kernel has no SO_PEERPIDFD (before Linux 6.5)");
        assertEquals(
                Verdict.abstain(
                        "the peer's process cannot be pinned:" + " this kernel has no SO_PEERPIDFD (before Linux 6.5)"),
                verdict(policy, unpinned));
        FakePeer other = FakePeer.uid(1)
                .running(new FakeProcess(77, FakePinner.ticks(3600)))
                .pid(4242);
        assertEquals(UNLISTED, verdict(policy, other));
        kernel.start(77, 3600);
        FakePeer twoFaced = FakePeer.uid(1).running(kernel.now(77)).pid(4242);
        assertEquals(UNLISTED, verdict(policy("4242, 77"), twoFaced));
        assertEquals(
                Verdict.abstain("the peer's process id is not visible in this PID namespace"),
                verdict(policy, FakePeer.uid(1).pid(0)));
    }

    @Test
    void a_kernel_that_cannot_pin_is_named() throws IOException {
        kernel.limit = "this kernel has no pidfd_open (before Linux 5.3)";
        assertEquals(
                Verdict.abstain("the process is on the list but was not pinned:"
                        + " this kernel has no pidfd_open (before Linux 5.3)"),
                verdict(policy("4242"), FakePeer.uid(1).pid(4242)));
    }

    @Test
    void asks_for_the_process_of_nobody_whose_number_is_not_listed() throws IOException {
        PidPolicy policy = policy("4242");
        kernel.start(99, 10);
        FakePeer stranger = peer(99);
        verdict(policy, stranger);
        assertEquals(0, stranger.processAsked);
        FakePeer listed = peer(4242);
        verdict(policy, listed);
        assertEquals(1, listed.processAsked);
    }

    @Test
    void allows_descendants_on_request_only() throws IOException {
        kernel.start(99, 10);
        Ancestor shell = new Ancestor(50, FakePinner.ticks(20));
        Ancestor named = new Ancestor(4242, kernel.now(4242).startTime().value().orElseThrow());
        FakePeer child = FakePeer.uid(1).running(kernel.now(99).ancestors(shell, named));
        assertEquals(UNLISTED, verdict(policy("4242"), child));
        PidPolicy policy = policy("4242", "descendants", "true");
        assertEquals(Verdict.allow("a process above the peer is on the list"), verdict(policy, child));
        assertEquals(LISTED, verdict(policy, peer(4242)));
        FakePeer recycled = FakePeer.uid(1).running(kernel.now(99).ancestors(new Ancestor(4242, 1)));
        assertEquals(UNLISTED, verdict(policy, recycled));
        FakePeer orphan = FakePeer.uid(1).running(kernel.now(99).noAncestors("an ancestor ended during the walk"));
        assertEquals(
                Verdict.abstain("the processes above the peer are not known: an ancestor ended during the walk"),
                verdict(policy, orphan));
        kernel.end(4242);
        assertEquals(UNLISTED, verdict(policy, child));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow | 0 | process ids go from 1 to 4194304",
                "allow | 4194305 | process ids go from 1 to 4194304",
                "allow | 99999999999999999999 | process ids go from 1 to 4194304",
                "allow | * | a list does not know *; for every process write a uid policy that allows 0-4294967294",
                "allow | -1 | a process id or file:/path/of/a.pid is expected",
                "allow | backup | a process id or file:/path/of/a.pid is expected",
                "allow | file:x.pid | an absolute path without . and .. is expected",
                "allow | file:/run/../x.pid | an absolute path without . and .. is expected",
                "allow | file: | an absolute path without . and .. is expected",
                "descendants | yes | it must be true or false",
                "otherwise | no | it must be abstain or deny",
            })
    void explains_what_cannot_be_understood(String key, String value, String explanation) throws IOException {
        PidPolicy policy = policy(Settings.with(settings("4242"), key, value));
        String problem = "etc/org.peercred.policy.pid-list.cfg: " + key + " = " + value + ": " + explanation + ".";
        assertEquals(new PolicyStatus(State.REJECTED, Optional.of(problem)), policy.status());
        assertEquals(0, kernel.open());
    }

    @Test
    void gives_back_every_process_it_held() throws IOException {
        Path file = pidFile("4242");
        kernel.start(5, 60).start(6, 60);
        PidPolicy policy = policy("5, file:" + file);
        assertEquals(2, kernel.open());
        policy.modified(settings("5, file:" + file, "otherwise", "deny"));
        policy.modified(settings("6"));
        background.pass(Duration.ofMinutes(1));
        assertEquals(1, kernel.open());
        policy.modified(settings("5, 6"));
        policy.deactivate();
        assertEquals(0, kernel.open());
        background.pass(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), background.untilNext());
        assertEquals(Verdict.abstain("the process is not on the list"), policy.evaluate(peer(6).connect("echo")));
    }

    @Test
    void the_same_processes_by_other_words_tell_nobody() throws IOException {
        PidPolicy policy = policy("4242");
        policy.modified(settings(" 4242 ,"));
        assertEquals(List.of(), told);
        assertEquals(1, kernel.open());
        assertEquals(LISTED, verdict(policy, peer(4242)));
    }
}
