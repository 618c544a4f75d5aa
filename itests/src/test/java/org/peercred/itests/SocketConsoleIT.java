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
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Test;

/** The console of the assembled distribution, used by the clients that people have: OpenSSH's, nc, and bin/console, which takes either. */
public class SocketConsoleIT extends ConsoleKaraf {

    private static final Ran TOO_MANY_THREADS = new Ran(1, "", "Too many threads\r\n");

    @Test
    public void a_command_has_its_clients_input_and_output_and_a_status() throws Exception {
        assertEquals(new Ran(0, "hällo\n", ""), console(OPERATOR, "", "echo hällo"));
        assertEquals(new Ran(0, "from here\n", ""), console(OPERATOR, "from here\n", "cat", "-"));
        assertEquals(new Ran(1, "", "Command not found: nonsense\n"), console(OPERATOR, "", "nonsense"));
        assertFalse(console(OPERATOR, "", "feature:list", "-i").out().contains("\u001b"));
        assertTrue(console(OPERATOR, "", "la").out().contains("Peercred :: Console"));
    }

    @Test
    public void without_terminal_and_command_it_is_a_script_that_ends_where_it_fails() throws Exception {
        assertEquals(new Ran(0, "a\nb\n", ""), ssh(OPERATOR, "echo a\necho b\n", "-T", "peercred"));
        assertEquals(
                new Ran(1, "a\n", "Command not found: nonsense\n"),
                ssh(OPERATOR, "echo a\nnonsense\necho b\n", "-T", "peercred"));
    }

    @Test
    public void a_line_of_a_script_that_cannot_be_run_is_audited() throws Exception {
        assertEquals(
                new Ran(1, "a\n", "the line holds control characters\n"),
                ssh(OPERATOR, "echo a\necho \u0007\n", "-T", "peercred"));
        awaitAudit("action=command:console", "result=error", "reason=\"the line holds control characters\"");
    }

    @Test
    public void whoever_has_only_nc_types_a_command_a_line() throws Exception {
        Ran ran = run(OPERATOR, "version\nnonsense\n\necho a b\nhalf", "nc", "-U", "-N", socket.toString());
        assertEquals(
                "4.4.10\nok\nerror: Command not found: nonsense\nok\na b\nok\nerror: the line has no end\n", ran.out());
    }

    @Test
    public void bin_console_does_without_ssh() throws Exception {
        Path tools = Files.createDirectories(karaf.file("no-ssh"));
        for (String tool : List.of("nc", "awk", "dirname", "readlink", "grep", "cat", "id")) {
            Path link = tools.resolve(tool);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, found(tool));
            }
        }
        ProcessBuilder program = Ran.program(OPERATOR, home, "/bin/sh", "bin/console", "echo", "a", "b");
        program.environment().put("PATH", tools.toString());
        program.command(program.command().stream()
                .map(word -> word.equals("setpriv") ? found("setpriv").toString() : word)
                .toList());
        assertEquals(new Ran(0, "a b\n", ""), Ran.of(program, ""));
        program.command(
                Stream.concat(program.command().stream().limit(program.command().size() - 3), Stream.of("nonsense"))
                        .toList());
        assertEquals(new Ran(1, "", "Command not found: nonsense\n"), Ran.of(program, ""));
    }

    @Test
    public void a_terminal_is_a_whole_one() throws Exception {
        Ran ran = terminal(
                OPERATOR,
                "()> ",
                "echo hällo | grep h\r",
                "llo\r\n",
                "",
                "()> ",
                "bundle:li\t",
                "bundle:list",
                "\u0003",
                "()> ",
                "RESIZE",
                "",
                "echo $COLUMNS by $LINES\r",
                "133 by 44",
                "",
                "()> ",
                "echo go; sleep 1000\r",
                "go\r\n",
                "\u0003",
                // What the command says of it and the prompt may come letter by letter in turn; the next prompt is
                // whole.
                "",
                "\r",
                "()> ",
                "\u0004");
        assertEquals(ran.out(), 0, ran.status());
        String name = run(OPERATOR, "", "id", "-un").out().strip();
        assertTrue(
                ran.out(),
                ran.out()
                        .startsWith("You are " + name + " (uid " + OPERATOR.uid()
                                + ") here, with the roles admin, group, manager, systembundles, viewer."));
        awaitAudit("action=command:echo", "line=\"echo $COLUMNS by $LINES\"", "result=ok");
        awaitAudit("line=\"echo go; sleep 1000\"", "result=error", "reason=interrupted");
        assertFalse("not what no one typed", karaf.log("audit.log").contains("setopt"));
    }

    @Test
    public void a_terminal_remembers_what_was_typed_and_follows_and_pages() throws Exception {
        Ran ran = terminal(
                OPERATOR,
                "()> ",
                "echo to be typed once\r",
                "once\r\n",
                "",
                "()> ",
                // Up.
                "\u001b[A\r",
                "once\r\n",
                "",
                "()> ",
                "log:tail\r",
                "INFO",
                "\u0003",
                "",
                "\r",
                "()> ",
                "less etc/shell.init.script\r",
                // On its last line.
                "tc/shell.init.script",
                "q",
                "()> ",
                "\u0004");
        assertEquals(ran.out(), 0, ran.status());
        awaitTrue(() -> audited("echo to be typed once") == 2);
        awaitAudit("line=log:tail", "reason=interrupted");
        awaitAudit("line=\"less etc/shell.init.script\"", "result=ok");
    }

    @Test
    public void a_file_is_edited_at_a_terminal() throws Exception {
        Path file = karaf.file("data/edited.txt");
        Ran ran = terminal(
                OPERATOR,
                "()> ",
                "edit " + file + "\r",
                "To Spell",
                "hällo",
                "llo",
                // Exit, save, and the name is right.
                "\u0018",
                "Save modified",
                "y",
                "Write",
                "\r",
                "()> ",
                "\u0004");
        assertEquals(ran.out(), 0, ran.status());
        assertEquals("hällo\n", Files.readString(file));
    }

    @Test
    public void nothing_but_commands_and_terminals_is_to_be_had() throws Exception {
        assertTrue(ssh(OPERATOR, "", "-s", "peercred", "sftp").err().contains("subsystem request failed"));
        assertTrue(ssh(OPERATOR, "", "-W", "localhost:1", "peercred").err().contains("open failed"));
        Ran remote = ssh(
                OPERATOR,
                "",
                "-o",
                "ClearAllForwardings=no",
                "-o",
                "ExitOnForwardFailure=yes",
                "-R",
                "0:localhost:1",
                "peercred",
                "version");
        assertTrue(remote.err(), remote.err().contains("remote port forwarding failed"));
        assertEquals(1, ssh(OPERATOR, "", "peercred", "scp -t /tmp").status());
    }

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
                    "feature:list | grep .")) {
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
        awaitSlow();
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
        awaitSlow();
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
    public void many_share_one_connection() throws Exception {
        Path control = karaf.file("data/control");
        List<String> shared =
                List.of("-o", "ControlPath=" + control, "-o", "ControlMaster=auto", "-o", "ControlPersist=60");
        try {
            assertEquals(
                    "one\n",
                    ssh(OPERATOR, "", with(shared, "peercred", "echo one")).out());
            Process slow = Ran.program(
                            OPERATOR,
                            home,
                            Stream.concat(
                                            Stream.of("ssh", "-F", "data/console.ssh_config"),
                                            Stream.of(with(shared, "peercred", "sleep 1; echo slow")))
                                    .toArray(String[]::new))
                    .start();
            for (int i = 0; i < 50; i++) {
                assertEquals(
                        "fast\n",
                        ssh(OPERATOR, "", with(shared, "peercred", "echo fast")).out());
            }
            assertEquals("slow", slow.inputReader(UTF_8).readLine());
            assertTrue(slow.waitFor(60, TimeUnit.SECONDS));
        } finally {
            ssh(OPERATOR, "", with(shared, "-O", "exit", "peercred"));
        }
    }

    @Test
    public void a_client_may_come_through_socat() throws Exception {
        assumeTool("socat");
        assertEquals(
                "4.4.10\n",
                ssh(OPERATOR, "", "-o", "ProxyCommand=socat - UNIX-CONNECT:" + socket, "peercred", "version")
                        .out());
    }

    @Test
    public void a_client_may_be_handed_the_connection_as_by_systemds_proxy() throws Exception {
        Path proxy = Files.writeString(karaf.file("data/proxy.py"), ConsolePrograms.PROXY);
        assertEquals(
                new Ran(0, "4.4.10\n", ""),
                run(
                        OPERATOR,
                        "",
                        "ssh",
                        "-F",
                        "none",
                        "-o",
                        "ProxyCommand=python3 " + proxy + " %h",
                        "-o",
                        "ProxyUseFdpass=yes",
                        "-o",
                        "HostKeyAlias=peercred",
                        "-o",
                        "UserKnownHostsFile=" + karaf.file("data/console.known_hosts"),
                        "unix" + socket,
                        "version"));
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

    @Test
    public void nonsense_harms_nobody_and_fills_no_log() throws Exception {
        long before = Files.size(karaf.file("data/log/karaf.log"));
        run(OPERATOR, "", "python3", "-c", ConsolePrograms.NONSENSE, socket.toString());
        assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
        assertTrue(Files.size(karaf.file("data/log/karaf.log")) - before < 300 * 500);
        assertFalse(karaf.log("karaf.log").contains("\u001b"));
    }

    /** There is one again, and the old one has audited a line so many times. */
    private static void awaitConsole(String line, int times) {
        awaitTrue(() -> console(OPERATOR, "", "version").status() == 0);
        awaitTrue(() -> audited(line) == times);
    }

    /** How often a line is in the audit. */
    private static long audited(String line) throws Exception {
        return karaf.log("audit.log")
                .lines()
                .filter(audited -> audited.contains("line=\"" + line + "\""))
                .count();
    }
}
