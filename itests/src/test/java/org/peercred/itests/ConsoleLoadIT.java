/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** The console of the assembled distribution, with many clients, hostile ones, such as end anyhow, and itself replaced beneath them. */
public class ConsoleLoadIT extends ConsoleKaraf {

    private static final Ran TOO_MANY_THREADS = new Ran(1, "", "Too many threads\r\n");

    /** Takes half a minute, while others are tested. */
    private static Process slow;

    @BeforeClass
    public static void beginSlowly() throws Exception {
        slow = program(ConsolePrograms.SLOW, List.of(socket.toString()));
    }

    @AfterClass
    public static void endSlowly() throws Exception {
        if (slow != null) {
            kill(slow);
        }
    }

    @Test
    public void what_a_client_runs_ends_with_it_however_it_ends() throws Exception {
        long before = threads();
        List<Process> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                clients.add(
                        Ran.program(OPERATOR, home, "ssh", "-F", "data/console.ssh_config", "peercred", "sleep 1000")
                                .start());
                clients.add(new ProcessBuilder(OPERATOR.command(
                                "sh", "-c", "(echo sleep 1000; exec sleep 1000) | exec nc -U " + socket))
                        .start());
            }
            // Two for each: all are there, and none is just being started.
            awaitTrue(() -> threads() >= before + 20);
        } finally {
            for (Process client : clients) {
                client.descendants().forEach(ProcessHandle::destroyForcibly);
                client.destroyForcibly();
            }
        }
        awaitTrue(() -> threads() <= before);
    }

    @Test
    public void who_needs_more_threads_than_there_are_is_told_so_and_no_more() throws Exception {
        Path engine = karaf.file("etc/org.peercred.listener.engine.cfg");
        awaitSlow();
        long before = threads();
        try {
            EtcFile.write(engine, "max.threads = 3\n");
            awaitTrue(
                    () -> ssh(OPERATOR, "", "-tt", "-q", "peercred", "version").equals(TOO_MANY_THREADS));
            awaitTrue(() -> ssh(OPERATOR, "", "peercred", "version").out().equals("4.4.10\n"));
            EtcFile.write(engine, "max.threads = 2\n");
            awaitTrue(() -> ssh(OPERATOR, "", "peercred", "version").equals(TOO_MANY_THREADS));
            EtcFile.write(engine, "max.threads = 1\n");
            awaitTrue(() -> run(OPERATOR, "version\n", "nc", "-U", "-N", socket.toString())
                    .out()
                    .equals("error: Too many threads\n"));
            awaitAudit("action=command:console", "result=error", "reason=\"Too many threads\"");
        } finally {
            Files.deleteIfExists(engine);
            awaitTrue(() -> console(OPERATOR, "", "version").status() == 0);
        }
        awaitTrue(() -> threads() <= before);
    }

    @Test
    public void fifty_come_at_once_and_nothing_is_left_of_them() throws Exception {
        awaitSlow();
        long before = threads();
        long descriptors = descriptors();
        long tasks = tasks().size();
        Process crowd = program(ConsolePrograms.CROWD, "50", "-tt", "peercred");
        try {
            assertEquals("all", crowd.inputReader(UTF_8).readLine());
            awaitTrue(() -> threads() >= 100);
            assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
            tell(crowd);
            assertTrue(crowd.waitFor(300, TimeUnit.SECONDS));
            assertEquals(0, crowd.exitValue());
        } finally {
            kill(crowd);
        }
        awaitTrue(() -> threads() <= before && tasks().size() <= tasks + 20 && descriptors() <= descriptors + 20);
    }

    @Test
    public void two_hundred_are_killed_and_their_commands_end() throws Exception {
        long before = threads();
        long descriptors = descriptors();
        Process killed = program(ConsolePrograms.KILLED, "200", "peercred", "echo go; sleep 1000");
        try {
            assertTrue(killed.waitFor(300, TimeUnit.SECONDS));
            assertEquals(0, killed.exitValue());
        } finally {
            kill(killed);
        }
        awaitTrue(() -> threads() <= before && descriptors() <= descriptors + 20);
    }

    @Test
    public void a_client_that_pauses_loses_nothing_beside_one_that_never_reads() throws Exception {
        long size = 20_000_000;
        Path file = karaf.file("data/much.txt");
        Files.writeString(file, ("x".repeat(99) + "\n").repeat((int) (size / 100)));
        long before = threads();
        Process pausing = pausing("cat " + file);
        Process deaf = pausing("cat " + file);
        try {
            assertEquals("begun", pausing.inputReader(UTF_8).readLine());
            assertEquals("begun", deaf.inputReader(UTF_8).readLine());
            assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
            tell(pausing);
            assertEquals(size + " 0", pausing.inputReader(UTF_8).readLine());
        } finally {
            kill(pausing);
            kill(deaf);
            Files.delete(file);
        }
        awaitTrue(() -> threads() <= before);
    }

    @Test
    public void a_client_that_never_exchanges_keys_is_turned_away() throws Exception {
        awaitSlow();
        String heard = new String(slow.getInputStream().readAllBytes(), ISO_8859_1);
        assertTrue(heard, heard.contains("No keys were exchanged in time"));
    }

    @Test
    public void versions_that_nobody_has_are_no_news() throws Exception {
        Path log = karaf.file("data/log/karaf.log");
        long before = Files.size(log);
        Process process = program(ConsolePrograms.VERSIONS, List.of(socket.toString(), "1000"));
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        } finally {
            kill(process);
        }
        assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
        assertTrue(Files.size(log) - before < 50_000);
        for (String name : List.of("karaf.log", "audit.log")) {
            assertFalse(name, karaf.log(name).chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t'));
        }
    }

    @Test
    public void an_installation_whose_client_is_killed_leaves_features_whole() throws Exception {
        awaitSlow();
        long before = threads();
        Process client = Ran.program(
                        OPERATOR,
                        home,
                        "ssh",
                        "-F",
                        "data/console.ssh_config",
                        "peercred",
                        "feature:install peercred-http")
                .start();
        try {
            awaitTrue(() -> karaf.log("karaf.log").contains("Adding features: peercred-http"));
        } finally {
            client.destroyForcibly();
        }
        awaitTrue(() -> threads() <= before);
        Ran again = console(OPERATOR, "", "feature:install peercred-http");
        assertEquals(again.toString(), 0, again.status());
        assertTrue(console(OPERATOR, "", "feature:list -i").out().contains("peercred-http"));
        assertEquals(0, console(OPERATOR, "", "feature:uninstall peercred-http").status());
    }

    @Test
    public void nonsense_harms_nobody_and_fills_no_log() throws Exception {
        long before = Files.size(karaf.file("data/log/karaf.log"));
        run(OPERATOR, "", "python3", "-c", ConsolePrograms.NONSENSE, socket.toString());
        assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
        assertTrue(Files.size(karaf.file("data/log/karaf.log")) - before < 300 * 500);
        assertFalse(karaf.log("karaf.log").contains("\u001b"));
    }

    @Test
    public void a_session_goes_on_while_features_are_installed_and_bundles_restarted() throws Exception {
        Ran ran = terminal(
                OPERATOR,
                "()> ",
                "feature:install peercred-echo\r",
                "()> ",
                "bundle:restart org.peercred.echo\r",
                "()> ",
                "echo still here\r",
                "still here\r\n",
                "",
                "()> ",
                "\u0004");
        assertEquals(ran.out(), 0, ran.status());
        awaitAudit("line=\"feature:install peercred-echo\"", "result=ok");
        awaitAudit("line=\"bundle:restart org.peercred.echo\"", "result=ok");
    }

    @Test
    public void the_console_comes_back_when_it_is_restarted_or_updated_from_within() throws Exception {
        awaitSlow();
        for (String line : List.of("bundle:restart org.peercred.console", "bundle:update org.peercred.console")) {
            Ran ran = ssh(OPERATOR, "", "peercred", line);
            assertTrue(ran.toString(), ran.status() == 0 || ran.err().contains("Service unavailable"));
            awaitConsole(line, 1);
            ran = run(OPERATOR, line + "\n", "nc", "-U", "-N", socket.toString());
            assertTrue(
                    ran.toString(),
                    List.of("ok\n", "error: Service unavailable\n").contains(ran.out()));
            awaitConsole(line, 2);
        }
        // Interrupted, Karaf would start it while it is still being stopped.
        assertFalse(karaf.log("karaf.log").contains("destruction has been interrupted"));
    }

    /** There is one again, and the old one has audited a line so many times. */
    private static void awaitConsole(String line, int times) {
        awaitTrue(() -> console(OPERATOR, "", "version").status() == 0);
        awaitTrue(() -> audited(line) == times);
    }

    /** Those that count threads, or end all sessions, come after it. */
    private static void awaitSlow() throws InterruptedException {
        assertTrue(slow.waitFor(90, TimeUnit.SECONDS));
    }
}
