/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** The console of the assembled distribution: who may do what, and what those are told who may not, or no longer. */
public class ConsoleAccessIT extends ConsoleKaraf {

    @Test
    public void others_and_root_are_refused_in_words() throws Exception {
        User.needsRoot("clients of other users");
        for (User other : List.of(GUEST, User.ROOT)) {
            Ran refused = console(other, "", "version");
            assertEquals(255, refused.status());
            assertTrue(refused.err(), refused.err().contains("Unauthorized access"));
            assertEquals("", refused.out());
            assertTrue(run(other, "version\n", "nc", "-U", "-N", socket.toString())
                    .out()
                    .startsWith("Unauthorized access\r\n"));
        }
    }

    @Test
    public void a_viewer_looks_and_does_nothing_else() throws Exception {
        User.needsRoot("a client of another user");
        Path written = karaf.file("data/written-by-guest");
        letIn(GUEST, "viewer");
        try {
            assertEquals(0, console(GUEST, "", "feature:list").status());
            for (String command : List.of(
                    "feature:install wrap",
                    "bundle:stop 0",
                    "echo x > " + written,
                    "(\"abc\" length)",
                    "cat etc/users.properties",
                    "grep . etc/users.properties",
                    "sort etc/users.properties",
                    "addCommand t abc length",
                    "removeCommand shell:date",
                    "history",
                    "kill 1",
                    "log:set OFF",
                    "log:clear",
                    "scr:disable org.peercred.echo",
                    "feature:list | grep . etc/users.properties",
                    "feature:list | grep -i -n . etc/users.properties",
                    "head -n 1 etc/users.properties",
                    "sort -r etc/users.properties",
                    "tail -f etc/users.properties",
                    "wc -l etc/users.properties",
                    // Karaf's tools take words from such a variable, before those that are typed.
                    "SORT_OPTS = etc/users.properties; sort",
                    "feature:list | grep .",
                    // Variables in it would show settings of the container.
                    "peercred:check --file etc/org.peercred.echo.cfg")) {
                Ran ran = console(GUEST, "", command);
                assertEquals(command + ": " + ran, 1, ran.status());
            }
            assertFalse(Files.exists(written));
            Ran terminal = terminal(GUEST, "()> ", "\u0004");
            assertFalse(terminal.out(), terminal.out().contains("Error"));
            assertTrue(terminal.out(), terminal.out().contains("with the roles viewer."));
            awaitAudit("uid=" + GUEST.uid(), "line=\"bundle:stop 0\"", "result=unknown");
        } finally {
            letNobodyIn();
        }
    }

    @Test
    public void programs_tell_no_from_no_answer() throws Exception {
        Ran allowed = console(OPERATOR, "", "peercred:check", "--uid", "" + OPERATOR.uid(), "-l", "echo", "-o", "json");
        assertEquals(allowed.toString(), 0, allowed.status());
        assertTrue(allowed.out(), allowed.out().startsWith("{\"action\":\"connect\",\"allowed\":true,"));
        Ran denied = console(OPERATOR, "", "peercred:check", "--uid", "" + GUEST.uid(), "-l", "echo", "-o", "json");
        assertEquals(denied.toString(), 1, denied.status());
        assertEquals("", denied.err());
        Ran unknown = console(OPERATOR, "", "peercred:check", "--uid", "5", "-l", "nowhere", "-o", "json");
        assertEquals(unknown.toString(), 2, unknown.status());
        assertTrue(unknown.out(), unknown.out().startsWith("{\"error\":\"There is no listener nowhere; "));
        Ran tried = console(OPERATOR, "", "peercred:check --file etc/org.peercred.policy.owner.cfg -o json");
        assertEquals(tried.toString(), 0, tried.status());
        assertTrue(tried.out(), tried.out().contains("\"accepted\":true,\"problems\":[],"));
    }

    @Test
    public void a_role_is_had_by_a_group_and_on_its_own_listener_only() throws Exception {
        User.needsRoot("a client of another user");
        Path roles = karaf.file("etc/org.peercred.roles-guest.cfg");
        letIn(GUEST, "viewer");
        try {
            EtcFile.write(roles, "listeners = echo\nviewer = uid:" + GUEST.uid() + "\n");
            awaitTrue(() -> greeting(GUEST).contains(" here, with no role."));
            EtcFile.write(roles, "listeners = console\nviewer = gid:" + GUEST.uid() + "\n");
            awaitTrue(() -> greeting(GUEST).contains(" here, with the roles viewer."));
            assertEquals(1, console(GUEST, "", "bundle:stop 0").status());
        } finally {
            letNobodyIn();
        }
    }

    @Test
    public void who_is_idle_is_told_so() throws Exception {
        String listener = "etc/org.peercred.listener-console.cfg";
        String before = Files.readString(karaf.file(listener), UTF_8);
        try {
            karaf.append(listener, "\nidle.timeout = 1 s\n");
            awaitTrue(() -> silent("").status() == 255);
            Ran told = silent("");
            assertTrue(told.err(), told.err().contains("Idle timeout"));
            assertEquals(new Ran(255, "", ""), silent("-q"));
        } finally {
            EtcFile.write(karaf.file(listener), before);
            awaitTrue(() ->
                    console(OPERATOR, "", "echo there; sleep 2; echo still").status() == 0);
        }
    }

    private static String greeting(User user) throws Exception {
        return terminal(user, "()> ", "\u0004").out();
    }

    /** A script that says nothing for some seconds. */
    private static Ran silent(String option) throws Exception {
        return run(OPERATOR, "", "sh", "-c", "sleep 4 | ssh -F data/console.ssh_config " + option + " peercred");
    }

    @Test
    public void a_role_that_is_taken_away_is_gone_at_the_next_command() throws Exception {
        User.needsRoot("a client of another user");
        letIn(GUEST, "admin");
        try {
            Process client = Ran.program(
                            GUEST,
                            home,
                            "python3",
                            "-c",
                            ConsolePrograms.UNTIL_REFUSED,
                            socket.toString(),
                            "head -n 1 etc/shell.init.script")
                    .start();
            try {
                assertEquals("once", client.inputReader(UTF_8).readLine());
                Files.delete(karaf.file("etc/org.peercred.roles-guest.cfg"));
                assertEquals(
                        "error: Command not found: shell:head",
                        client.inputReader(UTF_8).readLine());
            } finally {
                client.destroyForcibly();
            }
        } finally {
            letNobodyIn();
        }
    }

    @Test
    public void who_is_revoked_amid_output_is_told_so() throws Exception {
        User.needsRoot("a client of another user");
        letIn(GUEST, "viewer");
        try {
            assertIsToldAmidOutput(GUEST, "Unauthorized access", () -> {
                letNobodyIn();
                return null;
            });
        } finally {
            letNobodyIn();
        }
    }

    @Test
    public void who_is_amid_output_when_the_console_stops_is_told_so() throws Exception {
        assertIsToldAmidOutput(
                OPERATOR,
                "Service unavailable",
                () -> run(
                        OPERATOR, "bundle:restart org.peercred.console; echo\n", "nc", "-U", "-N", socket.toString()));
        awaitTrue(() -> console(OPERATOR, "", "version").status() == 0);
    }

    private static void assertIsToldAmidOutput(User user, String words, Callable<?> end) throws Exception {
        Path out = Files.createTempFile("peercred-it", ".out");
        Path err = Files.createTempFile("peercred-it", ".err");
        Process client = Ran.program(
                        user,
                        home,
                        "ssh",
                        "-F",
                        "data/console.ssh_config",
                        "peercred",
                        "while { true } { feature:list }")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            awaitTrue(() -> Files.size(out) > 100_000);
            end.call();
            assertTrue(client.waitFor(60, TimeUnit.SECONDS));
            assertEquals(255, client.exitValue());
            assertTrue(Files.readString(err), Files.readString(err).contains(words));
        } finally {
            kill(client);
            Files.delete(out);
            Files.delete(err);
        }
    }
}
