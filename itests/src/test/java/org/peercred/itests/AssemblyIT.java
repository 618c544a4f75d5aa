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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The assembled distribution, started by a user without privileges, and used by that user, by another and by root. */
public class AssemblyIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    /**
     * Config Admin says so when Karaf's installer of files comes up in the moment between the creation of that configuration of
     * Karaf's own and its first update, which then reaches it as usual: one start in some hundreds.
     */
    private static final String CONFIG_ADMIN_RACE =
            " ERROR org.apache.felix.configadmin - Ignoring new configuration pid=org.apache.felix.fileinstall~deploy";

    private static final Pattern EVENTS = Pattern.compile("\\S+ (?:INFO|WARN)  event=.*?(?: count=(\\d+))?");

    private static Installation karaf;

    @BeforeClass
    public static void unpack() throws Exception {
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.DAEMON);
        karaf.edit("etc/org.peercred.listener-echo.cfg", "path = /tmp/echo.sock", "path = " + karaf.socket());
        karaf.archiveClasses();
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
    public void the_audit_goes_on_without_a_logging_configuration_and_after_its_file_was_moved_away() throws Exception {
        String logging = "etc/org.ops4j.pax.logging.cfg";
        String before = Files.readString(karaf.file(logging), UTF_8);
        EtcFile.write(karaf.file(logging), "");
        try {
            Files.move(karaf.file("data/log/audit.log"), karaf.file("data/log/moved"));
            awaitTrue(() -> {
                karaf.hears(User.DAEMON, "hello");
                return closed() > 0;
            });
            Files.delete(karaf.file("data/log/moved"));
        } finally {
            EtcFile.write(karaf.file(logging), before);
        }
    }

    @Test
    public void what_a_full_disk_costs_is_counted_and_nobody_waits_for_it() throws Exception {
        User.needsRoot("mounting a small file system");
        Path small = Files.createDirectory(karaf.file("small"));
        run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=256k,mode=700,uid=" + User.DAEMON.uid(),
                "peercred-it",
                small.toString());
        try {
            Path file = small.resolve("audit.log");
            // An end that is told later would be counted in the new file. Events are written in their order: with this
            // refusal all
            // that were let in before are there.
            long denied = count("event=denied");
            karaf.hears(User.STRANGER, "let me in");
            awaitTrue(() -> count("event=denied") > denied && isLastConnectionClosed());
            EtcFile.write(karaf.file("etc/org.peercred.audit.cfg"), "file = " + file + "\n");
            awaitTrue(() -> Files.exists(file));
            Path filler = Files.write(small.resolve("filler"), new byte[248 << 10]);
            int connections = 500;
            karaf.connects(User.DAEMON, connections);
            awaitTrue(() -> karaf.log("karaf.log")
                    .contains("The audit cannot be written to " + file + ": No space left on device (ENOSPC). "));
            Files.write(filler, new byte[0]);
            awaitTrue(() -> karaf.log("karaf.log").contains("The audit is written again to " + file + ", after "));
            // What was lost is told as soon as it can be, which may be after the log says so.
            await().atMost(120, TimeUnit.SECONDS).untilAsserted(() -> {
                List<String> lines = Files.readAllLines(file, UTF_8);
                assertTrue(lines.toString(), lines.stream().anyMatch(line -> line.contains(" WARN  event=lost ")));
                assertEquals(
                        lines.get(0) + " to " + lines.get(lines.size() - 1),
                        2L * connections,
                        lines.stream().mapToInt(AssemblyIT::events).sum());
            });
        } finally {
            EtcFile.write(karaf.file("etc/org.peercred.audit.cfg"), "file = data/log/audit.log\n");
            awaitTrue(
                    () -> new ProcessBuilder("umount", small.toString()).start().waitFor() == 0);
            Files.delete(small);
        }
    }

    private static long closed() throws Exception {
        return count("event=closed");
    }

    private static long count(String event) throws Exception {
        return karaf.log("audit.log")
                .lines()
                .filter(line -> line.contains(event))
                .count();
    }

    private static boolean isLastConnectionClosed() throws Exception {
        String log = karaf.log("audit.log");
        String last = log.substring(log.lastIndexOf("event=allowed "));
        String connection = last.substring(last.indexOf(" connection="), last.indexOf(" uid="));
        return last.lines().anyMatch(line -> line.contains("event=closed ") && line.contains(connection + " "));
    }

    private static int events(String line) {
        Matcher matcher = EVENTS.matcher(line);
        assertTrue(line, matcher.matches());
        return matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
    }

    private static void run(String... words) throws Exception {
        Process process = new ProcessBuilder(words).inheritIO().start();
        assertEquals(String.join(" ", words), 0, process.waitFor());
    }

    @Test
    public void it_starts_without_a_warning() throws Exception {
        List<String> unexpected = karaf.printed()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "))
                .filter(line -> !line.contains("event=") && !line.contains("The audit "))
                .filter(line -> !line.endsWith(CONFIG_ADMIN_RACE))
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
    public void it_has_a_heap_of_its_own_and_ends_when_memory_runs_out() throws Exception {
        List<String> options = List.of(Files.readString(Path.of("/proc/" + karaf.pid() + "/cmdline"), UTF_8)
                .split("\0"));
        assertTrue(options.toString(), options.contains("-Xmx256m"));
        assertTrue(options.toString(), options.contains("-XX:+ExitOnOutOfMemoryError"));
    }

    @Test
    public void the_operator_sets_the_heap_and_what_happens_without_memory() throws Exception {
        assertEquals("-XX:+ExitOnOutOfMemoryError -Xmx1g ", options(Map.of("JAVA_MAX_MEM", "1g")));
        assertEquals("-XX:+ExitOnOutOfMemoryError ", options(Map.of("JAVA_OPTS", "-Xmx2g", "JAVA_MAX_MEM", "1g")));
        assertEquals("-XX:+ExitOnOutOfMemoryError -Xmx3g", options(Map.of("EXTRA_JAVA_OPTS", "-Xmx3g")));
        assertEquals(
                "-Xmx256m -XX:+CrashOnOutOfMemoryError",
                options(Map.of("EXTRA_JAVA_OPTS", "-XX:+CrashOnOutOfMemoryError")));
    }

    /** What the scripts give to Java, having read their settings twice, as some do. */
    private static String options(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                ". \"$0\" && . \"$0\" && printf %s \"$EXTRA_JAVA_OPTS\"",
                karaf.file("bin/setenv").toString());
        builder.environment().keySet().removeIf(name -> name.contains("JAVA"));
        builder.environment().putAll(environment);
        Process shell = builder.redirectErrorStream(true).start();
        try {
            String printed = new String(shell.getInputStream().readAllBytes(), UTF_8);
            assertTrue(shell.waitFor(60, TimeUnit.SECONDS));
            return printed;
        } finally {
            shell.destroyForcibly();
        }
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
        String mapped = Files.readString(Path.of("/proc/" + karaf.pid() + "/maps"), UTF_8);
        assertTrue("the class archive is in use", mapped.contains(karaf.file("data/java/classes.jsa") + "\n"));
    }

    @Test
    public void a_socket_that_a_crash_left_behind_is_no_obstacle() throws Exception {
        long before = closed();
        karaf.connects(User.DAEMON, 100);
        awaitTrue(() -> closed() >= before + 100);
        karaf.signal("KILL");
        karaf.awaitEnd();
        assertTrue("what was written is there, whole", karaf.log("audit.log").endsWith("\n"));
        assertTrue("what was written is there", closed() >= before + 100);
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
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(condition);
    }
}
