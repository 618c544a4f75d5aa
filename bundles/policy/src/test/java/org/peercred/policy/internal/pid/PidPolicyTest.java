/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.credentials.PeerProcess.Ancestor;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeProcess;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class PidPolicyTest {

    private static final Verdict LISTED = Verdict.allow("the process is on the list");
    private static final Verdict UNLISTED = Verdict.abstain("the process is not on the list");

    private final FakePinner kernel = new FakePinner().start(4242, 3600);
    private final FakeBackground background = new FakeBackground();
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path directory;

    private long self;

    @BeforeEach
    void findOutWhoRunsThis() {
        self = FileStamp.of(directory).orElseThrow().owner();
    }

    private PidPolicy policy(Map<String, Object> settings) throws IOException {
        PidPolicy policy = new PidPolicy(settings, kernel, new FakeCredentials(self), background);
        policy.onChange(() -> told.add("changed"));
        return policy;
    }

    private Map<String, Object> settings(String allow, Object... more) throws IOException {
        Path file = directory.resolve("org.peercred.policy.pid-list.cfg");
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        return Settings.with(
                Settings.with(
                        Settings.of("pid", "list", "allow", allow),
                        "felix.fileinstall.filename",
                        file.toUri().toString()),
                more);
    }

    private PidPolicy policy(String allow, Object... more) throws IOException {
        return policy(settings(allow, more));
    }

    private static Verdict verdict(PidPolicy policy, FakePeer peer) {
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy.evaluate(peer.connect("echo"));
    }

    private FakePeer peer(int pid) {
        return FakePeer.uid(1001).running(kernel.now(pid));
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private Path pidFile(String content) throws IOException {
        Path file = directory.resolve("x.pid");
        Files.writeString(file, content);
        return file;
    }

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
    void a_pid_file_that_others_could_have_written_grants_nothing_and_is_warned_about() throws IOException {
        Path file = pidFile("4242");
        Path link = Files.createSymbolicLink(directory.resolve("link.pid"), file);
        assertRefused(link, "is a symbolic link");
        assertRefused(Files.createDirectory(directory.resolve("dir.pid")), "is no regular file");
        for (String mode : List.of("rw-rw-r--", "rw-r--rw-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertRefused(file, "is writable by others than its owner");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        for (String mode : List.of("rwxrwx---", "rwxr-xrwx")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
            assertRefused(file, "is below " + directory + ", which others than root and the daemon can write to");
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        PidPolicy policy = policy("file:" + file);
        assertEquals(LISTED, verdict(policy, peer(4242)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
        background.pass(Duration.ofSeconds(1));
        assertFalse(verdict(policy, peer(4242)).equals(LISTED));
    }

    @Test
    void a_pid_file_of_another_user_grants_nothing() throws IOException {
        assumeTrue(self == 0, "needs root: gives a file to another user");
        Path file = pidFile("4242");
        Files.setAttribute(file, "unix:uid", 12_345);
        assertRefused(file, "belongs to uid 12345, neither to root nor to the daemon");
        Files.setAttribute(file, "unix:uid", 0);
        Files.setAttribute(directory, "unix:uid", 12_345);
        assertRefused(
                file, "is below " + directory + ", which belongs to uid 12345, neither to root nor to the daemon");
        Files.setAttribute(directory, "unix:uid", 0);
        assertEquals(LISTED, verdict(policy("file:" + file), peer(4242)));
    }

    @Test
    void a_pid_file_counts_only_if_every_directory_on_its_way_is_safe() throws IOException {
        Path above = Files.createDirectory(directory.resolve("above"));
        Path below = Files.createDirectory(above.resolve("below"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(below.resolve("x.pid"), "4242");
        Path file = below.resolve("x.pid");
        Files.createSymbolicLink(elsewhere.resolve("absolute"), below);
        Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("../elsewhere/./absolute"));
        List<Path> ways = List.of(
                file,
                elsewhere.resolve("absolute").resolve("x.pid"),
                elsewhere.resolve("relative").resolve("x.pid"));
        for (Path way : ways) {
            assertEquals(LISTED, verdict(policy("file:" + way), peer(4242)), way::toString);
        }
        String why = ", which others than root and the daemon can write to";
        mode(above, "rwxrwxrwx");
        for (Path way : ways) {
            assertRefused(way, "is below " + above + why);
        }
        mode(above, "rwxr-xr-x");
        mode(elsewhere, "rwxrwxr-x");
        assertEquals(LISTED, verdict(policy("file:" + file), peer(4242)));
        for (Path way : ways.subList(1, 3)) {
            assertRefused(way, "is below " + elsewhere + why);
        }
        Files.setAttribute(elsewhere, "unix:mode", 041777);
        for (Path way : ways) {
            assertEquals(LISTED, verdict(policy("file:" + way), peer(4242)), "sticky: " + way);
        }
        Path round = Files.createSymbolicLink(directory.resolve("round"), Path.of("round"));
        assertEquals(Optional.of("is behind too many symbolic links"), SafeWay.objection(round.resolve("x.pid"), self));
    }

    @Test
    void a_pid_file_does_not_count_where_others_can_move_a_file_to() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Path below = Files.createDirectory(open.resolve("below"));
        Files.setAttribute(open, "unix:mode", 041777);
        Path moved = Files.writeString(open.resolve("x.pid"), "4242");
        assertRefused(moved, "is in " + open + ", where others than root and the daemon can move a file to");
        Path kept = Files.writeString(below.resolve("x.pid"), "4242");
        assertEquals(LISTED, verdict(policy("file:" + kept), peer(4242)));
    }

    @Test
    void a_link_that_another_user_made_in_a_sticky_directory_leads_nowhere() throws IOException {
        assumeTrue(self == 0, "needs root: gives a link to another user");
        Path safe = Files.createDirectory(directory.resolve("safe"));
        Files.writeString(safe.resolve("x.pid"), "4242");
        Path link = Files.createSymbolicLink(directory.resolve("link"), safe);
        Files.setAttribute(link, "unix:uid", 12_345, LinkOption.NOFOLLOW_LINKS);
        assertRefused(
                link.resolve("x.pid"),
                "is behind the symbolic link " + link
                        + ", which belongs to uid 12345, neither to root nor to the daemon");
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private void assertRefused(Path file, String why) throws IOException {
        assertEquals(
                Verdict.abstain("the process is not on the list (" + file + " " + why + ")"),
                verdict(policy("file:" + file), peer(4242)));
        assertTrue(
                Logged.lines("WARN", "allow = file:" + file + ": " + file + " " + why + ", and grants nothing.")
                                .size()
                        >= 1,
                why);
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
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(LISTED, verdict(policy("file:" + file), peer(4242)));
    }

    @ParameterizedTest
    @CsvSource({"4242", "' 4242 '", "'4242\n/var/lib/data\nmore'", "'4242\r\n'"})
    void a_pid_file_has_the_process_id_on_its_first_line(String content) throws IOException {
        assertEquals(LISTED, verdict(policy("file:" + pidFile(content)), peer(4242)));
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
    void looks_after_its_pid_files_no_longer_than_it_lives() throws IOException {
        PidPolicy policy = policy("file:" + pidFile("4242"));
        policy.deactivate();
        assertEquals(0, kernel.open());
        background.pass(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), background.untilNext());
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
