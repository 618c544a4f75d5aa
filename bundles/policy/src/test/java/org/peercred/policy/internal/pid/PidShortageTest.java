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
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.testing.Settings;

/** What counts while the kernel has no descriptors to pin processes with. */
@Timeout(120)
class PidShortageTest extends PidFixture {

    @Test
    void what_is_removed_counts_no_longer_even_where_the_kernel_does_not_answer() throws IOException {
        Path file = pidFile("4242");
        kernel.start(5, 60);
        kernel.start(6, 60);
        kernel.start(7, 60);
        PidPolicy policy = policy(Settings.fileless("pid", "list", "allow", "5, 6, file:" + file));
        kernel.errno = "EMFILE";
        policy.modified(Settings.fileless("pid", "list", "allow", "6, 7"));
        assertFalse(policy.evaluate(peer(5).connect("echo")).equals(LISTED), "a number");
        assertFalse(policy.evaluate(peer(4242).connect("echo")).equals(LISTED), "a file");
        assertEquals(LISTED, policy.evaluate(peer(6).connect("echo")));
        assertTrue(
                policy.status().problem().orElseThrow().endsWith("What was removed from the list no longer counts."));
        background.pass(Duration.ofSeconds(30));
        assertEquals(LISTED, policy.evaluate(peer(6).connect("echo")));
        kernel.errno = "";
        background.pass(Duration.ofSeconds(60));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(LISTED, verdict(policy, peer(7)));
        background.pass(Duration.ofSeconds(30));
        assertEquals(2, kernel.open());
    }

    @Test
    void a_lack_of_descriptors_is_waited_for_and_nothing_is_kept_meanwhile() throws IOException {
        kernel.errno = "EMFILE";
        PidPolicy policy = policy("4242");
        String problem =
                "etc/org.peercred.policy.pid-list.cfg: allow = 4242: EMFILE from the kernel; it is tried again.";
        assertEquals(new PolicyStatus(State.REJECTED, Optional.of(problem)), policy.status());
        kernel.errno = "";
        background.pass(Duration.ofSeconds(1));
        assertEquals(LISTED, verdict(policy, peer(4242)));
        kernel.errno = "EMFILE";
        policy.modified(settings("4242, 17"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(LISTED, policy.evaluate(peer(4242).connect("echo")));
        assertEquals(1, kernel.open());
    }

    @Test
    void what_was_pinned_before_the_descriptors_ran_out_is_given_back() throws IOException {
        kernel.start(4300, 3600).start(4400, 3600);
        Path one = Files.writeString(directory.resolve("one.pid"), "4300");
        Path other = Files.writeString(directory.resolve("other.pid"), "4400");
        kernel.room = 2;
        PidPolicy policy = policy("4242, file:" + one + ", file:" + other);
        assertEquals(State.REJECTED, policy.status().state());
        assertEquals(0, kernel.open());
        kernel.room = 3;
        background.pass(Duration.ofSeconds(1));
        assertEquals(LISTED, verdict(policy, peer(4400)));
        assertEquals(3, kernel.open());
    }

    @Test
    void what_was_pinned_anew_before_the_descriptors_ran_out_is_given_back() throws IOException {
        kernel.start(4300, 5).start(4400, 5).start(4500, 5);
        Path one = Files.writeString(directory.resolve("one.pid"), "4242");
        Path other = Files.writeString(directory.resolve("other.pid"), "4300");
        PidPolicy policy = policy("file:" + one + ", file:" + other);
        Files.writeString(one, "4400");
        Files.writeString(other, "4500");
        kernel.room = 3;
        background.pass(Duration.ofSeconds(3));
        assertEquals(LISTED, verdict(policy, peer(4300)));
        assertEquals(2, kernel.open());
    }

    @Test
    void a_pid_file_that_stays_on_the_list_counts_on_where_the_kernel_does_not_answer() throws IOException {
        String file = "file:" + pidFile("4242");
        PidPolicy policy = policy(file);
        kernel.start(4300, 3600);
        kernel.errno = "EMFILE";
        policy.modified(settings(file + ", 4300"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(LISTED, policy.evaluate(peer(4242).connect("echo")));
    }

    @Test
    void a_lack_of_descriptors_while_a_pid_file_changes_is_waited_for() throws IOException {
        Path file = pidFile("4242");
        PidPolicy policy = policy("file:" + file);
        kernel.start(4300, 5);
        Files.writeString(file, "4300");
        kernel.errno = "ENFILE";
        background.pass(Duration.ofSeconds(3));
        assertEquals(LISTED, verdict(policy, peer(4242)));
        kernel.errno = "";
        background.pass(Duration.ofSeconds(1));
        assertEquals(LISTED, verdict(policy, peer(4300)));
    }

    @Test
    void who_is_still_listed_stays_pinned_where_something_else_was_changed_before() throws IOException {
        kernel.start(5, 60);
        PidPolicy policy = policy("4242, 5");
        policy.modified(settings("4242, 5", "listeners", "echo"));
        background.pass(Duration.ofMinutes(1));
        kernel.errno = "ENFILE";
        policy.modified(settings("4242", "listeners", "echo"));
        assertEquals(LISTED, policy.evaluate(peer(4242).connect("echo")));
        assertEquals(
                Verdict.Effect.ABSTAIN, policy.evaluate(peer(5).connect("echo")).effect());
    }
}
