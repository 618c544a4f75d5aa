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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;

/** Whose pid files count, and in which directories. */
@Timeout(120)
class PidFileSafetyTest extends PidFixture {

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
}
