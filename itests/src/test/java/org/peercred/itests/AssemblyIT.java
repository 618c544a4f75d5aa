/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** The assembled distribution, started by a user without privileges, and used by that user, by another and by root. */
public class AssemblyIT {

    private static Installation karaf;

    @BeforeClass
    public static void unpack() throws Exception {
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.DAEMON);
        karaf.edit("etc/org.peercred.listener-echo.cfg", "path = /tmp/echo.sock", "path = " + karaf.socket());
    }

    @Before
    public void start() throws Exception {
        karaf.start();
        karaf.awaitEcho(User.DAEMON);
    }

    @AfterClass
    public static void stop() throws Exception {
        karaf.remove();
    }

    @Test
    public void who_started_it_hears_an_echo() throws Exception {
        assertEquals("> this is a line\n", karaf.hears(User.DAEMON, "this is a line"));
        awaitAudit("event=allowed listener=echo", " uid=" + User.DAEMON.uid() + " ", " policy=owner ");
        assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(karaf.socket())));
    }

    @Test
    public void another_user_is_turned_away() throws Exception {
        User.needsRoot("a client of another user");
        assertEquals("Unauthorized access\n", karaf.hears(User.STRANGER, "let me in"));
        awaitAudit(
                "event=denied listener=echo",
                " uid=" + User.STRANGER.uid() + " ",
                " policy=owner ",
                "reason=\"UID mismatch (61001 != 61000). Closing connection.\"");
    }

    @Test
    public void root_is_turned_away() throws Exception {
        User.needsRoot("root as a client");
        assertEquals("Unauthorized access\n", karaf.hears(User.ROOT, "let me in"));
        awaitAudit(
                "event=denied listener=echo",
                " uid=0 user=root ",
                " policy=superuser ",
                "reason=\"UID mismatch (0 != 61000). Closing connection.\"");
    }

    @Test
    public void decisions_are_logged_and_on_the_terminal_and_nobody_else_may_read_the_files() throws Exception {
        karaf.hears(User.DAEMON, "hello");
        awaitAudit("event=allowed");
        awaitTrue(() -> karaf.printed().contains("event=allowed"));
        for (String name : List.of("audit.log", "karaf.log")) {
            assertEquals(
                    name,
                    "rw-r-----",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(karaf.file("data/log/" + name))));
        }
    }

    @Test
    public void what_is_refused_stands_in_both_logs_and_what_is_allowed_in_one() throws Exception {
        User.needsRoot("another user as a client");
        karaf.hears(User.DAEMON, "hello");
        awaitAudit("event=allowed");
        karaf.hears(User.ROOT, "let me in");
        awaitTrue(() -> karaf.log("karaf.log").contains("event=denied"));
        assertFalse(karaf.log("karaf.log").contains("event=allowed"));
    }

    @Test
    public void it_starts_without_a_warning() throws Exception {
        List<String> unexpected = karaf.printed()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "))
                .filter(line -> !line.contains("event="))
                .toList();
        assertEquals(List.of(), unexpected);
    }

    @Test
    public void nothing_that_runs_is_taken_down_again_at_the_first_start() throws Exception {
        // The log service would be among it, and what is logged meanwhile be lost.
        assertFalse(karaf.log("karaf.log").contains("Stopping bundles"));
    }

    @Test
    public void it_listens_on_no_port() throws Exception {
        Set<String> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + karaf.pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    own.add("closed since it was listed");
                }
            }
        }
        assertTrue("its descriptors can be read", own.size() > 10);
        List<String> ports = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6")) {
            Path file = Path.of("/proc/" + karaf.pid() + "/net/" + table);
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file, UTF_8)) {
                    if (own.contains("socket:[" + line.trim().split("\\s+")[9] + "]")) {
                        ports.add(table + " " + line);
                    }
                }
            }
        }
        assertEquals(List.of(), ports);
    }

    @Test
    public void its_own_scripts_tell_its_state_and_stop_it() throws Exception {
        assertTrue(karaf.script("status").contains("Running"));
        karaf.script("stop");
        karaf.awaitEnd();
        assertFalse("the socket file is gone", Files.exists(karaf.socket()));
    }

    @Test
    public void a_signal_ends_it_and_a_second_start_finds_all_as_it_was() throws Exception {
        karaf.signal("TERM");
        karaf.awaitEnd();
        assertFalse("the socket file is gone", Files.exists(karaf.socket()));
        start();
        assertEquals("> again\n", karaf.hears(User.DAEMON, "again"));
    }

    @Test
    public void a_socket_that_a_crash_left_behind_is_no_obstacle() throws Exception {
        karaf.signal("KILL");
        karaf.awaitEnd();
        assertTrue("a crash leaves its socket behind", Files.exists(karaf.socket()));
        start();
        assertEquals("> again\n", karaf.hears(User.DAEMON, "again"));
    }

    /** Waits for a line of the audit that has all of these. */
    private static void awaitAudit(String... parts) {
        awaitTrue(() ->
                karaf.log("audit.log").lines().anyMatch(line -> Stream.of(parts).allMatch(line::contains)));
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(condition);
    }
}
