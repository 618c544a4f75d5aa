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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** The console of the assembled distribution, used by the clients that people have: OpenSSH's, nc, and bin/console, which takes either. */
public class SocketConsoleIT extends ConsoleKaraf {

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
    public void bin_console_hands_on_the_exit_statuses_that_json_md_promises() throws Exception {
        for (Map.Entry<String, Integer> expected : Statuses.of(OPERATOR).entrySet()) {
            Ran ran = console(OPERATOR, "", expected.getKey().split(" "));
            assertEquals(ran.toString(), expected.getValue().intValue(), ran.status());
        }
    }

    @Test
    public void files_that_are_tried_tell_whose_roles_they_change_and_what_becomes_of_a_listener() throws Exception {
        Path tried = Files.createDirectories(karaf.file("data/tried"));
        Path roles = Files.writeString(
                tried.resolve("org.peercred.roles-console.cfg"), "listeners = console\nviewer = owner\n");
        Ran ran = console(OPERATOR, "", "peercred:check", "-o", "json", "--file", roles.toString());
        assertEquals(ran.toString(), 0, ran.status());
        String lost = "\"lost\":[\"admin\",\"group\",\"manager\",\"systembundles\"]";
        assertTrue("the console's own connection, in " + ran.out(), ran.out().contains(lost));
        assertTrue(ran.out(), ran.out().contains("\"keysOnly\":false"));
        Path listener = Files.writeString(
                tried.resolve("org.peercred.listener-console.cfg"),
                "path = " + socket
                        + "-2\nservice.target = (peercred.service=console)\nrequired.policies = owner, ownr\n");
        ran = console(OPERATOR, "", "peercred:check", "-o", "json", "--file", listener.toString());
        assertEquals(ran.toString(), 0, ran.status());
        assertTrue(ran.out(), ran.out().contains("Clients would find it at " + socket + "-2, and at " + socket));
        assertTrue(ran.out(), ran.out().contains("required.policies = ownr: there is no such policy"));
        assertTrue(ran.out(), ran.out().contains("\"reason\":\"required policy ownr is missing\""));
        assertFalse(ran.out(), ran.out().contains("\"cutOff\":[]"));
        assertFalse(Files.exists(Path.of(socket + "-2")));
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
        assertTrue(
                "in colours",
                Pattern.compile("\u001b\\[[0-9;]+mh\u001b\\[")
                        .matcher(ran.out())
                        .find());
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
}
