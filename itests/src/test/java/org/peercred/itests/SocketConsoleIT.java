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
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The console of the assembled distribution, used by the clients that people have: OpenSSH's, nc, and bin/console, which takes either. */
public class SocketConsoleIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    /** Two who have names, since OpenSSH's client runs for nobody without: "daemon" and "bin" on Debian. */
    private static final User OPERATOR = User.SELF.equals(User.ROOT) ? new User(1) : User.SELF;

    private static final User GUEST = new User(2);

    /** At a terminal: waits for a text and types another, again and again, and prints all that was shown. */
    private static final String TERMINAL =
            """
            import fcntl, os, pty, select, signal, struct, sys, termios, time
            pid, fd = pty.fork()
            if pid == 0:
                os.environ['TERM'] = 'xterm-256color'
                os.execvp(sys.argv[1], sys.argv[1:2])
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
            shown = b''
            seen = 0
            def until(text):
                global shown, seen
                end = time.time() + 60
                while shown.find(text, seen) < 0:
                    if time.time() > end:
                        sys.stdout.buffer.write(shown + b'(no ' + text + b')')
                        os.kill(pid, signal.SIGKILL)
                        sys.exit(1)
                    if select.select([fd], [], [], 0.1)[0]:
                        try:
                            shown += os.read(fd, 65536)
                        except OSError:
                            sys.stdout.buffer.write(shown + b'(ended before ' + text + b')')
                            sys.exit(1)
                seen = shown.find(text, seen) + len(text)
            steps = sys.argv[2:]
            for i in range(0, len(steps), 2):
                until(steps[i].encode())
                if steps[i + 1] == 'RESIZE':
                    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 44, 133, 0, 0))
                    os.kill(pid, signal.SIGWINCH)
                    time.sleep(0.5)
                else:
                    os.write(fd, steps[i + 1].encode())
            end = time.time() + 60
            while time.time() < end:
                try:
                    more = os.read(fd, 65536)
                except OSError:
                    break
                if not more:
                    break
                shown += more
            sys.stdout.buffer.write(shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;

    /** Begins like a client of SSH, or like anything, and goes on with nonsense. */
    private static final String NONSENSE =
            """
            import os, random, socket, sys
            random.seed(17)
            for i in range(300):
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(60)
                s.connect(sys.argv[1])
                try:
                    if i % 3 == 0:
                        s.sendall(b'SSH-2.0-\\x1b[31mx\\r\\n' + random.randbytes(random.randrange(3000)))
                    elif i % 3 == 1:
                        s.sendall(b'SSH-' + random.randbytes(random.randrange(300)))
                    else:
                        s.sendall(random.randbytes(random.randrange(3000)))
                    s.shutdown(socket.SHUT_WR)
                    while s.recv(65536):
                        pass
                except ConnectionError:
                    pass
                s.close()
            """;

    /** Sends lines one at a time, each when the one before is answered; the last again and again until it fails. */
    private static final String UNTIL_REFUSED =
            """
            import socket, sys, time
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(60)
            s.connect(sys.argv[1])
            f = s.makefile('rw')
            end = time.time() + 60
            first = True
            while time.time() < end:
                f.write(sys.argv[2] + '\\n')
                f.flush()
                answer = f.readline()
                while answer and answer != 'ok\\n' and not answer.startswith('error: '):
                    answer = f.readline()
                if answer != 'ok\\n':
                    print(answer, end='')
                    break
                if first:
                    print('once', flush=True)
                    first = False
                time.sleep(0.1)
            """;

    private static Installation karaf;
    private static Path home;
    private static Path socket;

    @BeforeClass
    public static void start() throws Exception {
        for (String tool : List.of("ssh", "nc", "python3")) {
            assumeTool(tool);
        }
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), OPERATOR);
        home = karaf.file("").toAbsolutePath();
        socket = karaf.file("data/console.sock");
        karaf.edit("etc/org.peercred.listener-echo.cfg", "path = /tmp/echo.sock", "path = " + karaf.socket());
        karaf.edit("etc/org.peercred.listener-console.cfg", "mode = 0600", "mode = 0666");
        karaf.start();
        await().atMost(120, TimeUnit.SECONDS)
                .until(() -> Files.exists(socket) && Files.exists(karaf.file("data/console.ssh_config")));
        assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
    }

    @AfterClass
    public static void stop() throws Exception {
        if (karaf != null) {
            karaf.remove();
        }
    }

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
                "interrupted",
                "",
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
                    "scr:disable org.peercred.echo")) {
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
    public void a_role_that_is_taken_away_is_gone_at_the_next_command() throws Exception {
        User.needsRoot("a client of another user");
        letIn(GUEST, "admin");
        try {
            Process client = Ran.program(
                            GUEST,
                            home,
                            "python3",
                            "-c",
                            UNTIL_REFUSED,
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
        Path out = Files.createTempFile("peercred-it", ".out");
        Path err = Files.createTempFile("peercred-it", ".err");
        Process client = Ran.program(
                        GUEST,
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
            letNobodyIn();
            assertTrue(client.waitFor(60, TimeUnit.SECONDS));
            assertEquals(255, client.exitValue());
            assertTrue(Files.readString(err), Files.readString(err).contains("Unauthorized access"));
        } finally {
            client.destroyForcibly();
            letNobodyIn();
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
            // Two for each that comes by SSH, one for each other: all are there, and none is just being started.
            awaitTrue(() -> threads() >= before + 15);
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
            for (int i = 0; i < 10; i++) {
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
    public void nonsense_harms_nobody_and_fills_no_log() throws Exception {
        long before = Files.size(karaf.file("data/log/karaf.log"));
        run(OPERATOR, "", "python3", "-c", NONSENSE, socket.toString());
        assertEquals("4.4.10\n", console(OPERATOR, "", "version").out());
        assertTrue(Files.size(karaf.file("data/log/karaf.log")) - before < 300 * 500);
        assertFalse(karaf.log("karaf.log").contains("\u001b"));
    }

    private static void letIn(User user, String role) throws Exception {
        EtcFile.write(
                karaf.file("etc/org.peercred.roles-guest.cfg"),
                "listeners = console\n" + role + " = uid:" + user.uid() + "\n");
        EtcFile.write(
                karaf.file("etc/org.peercred.policy.uid-guest.cfg"),
                "listeners = console\nallow = " + user.uid() + "\n");
        awaitTrue(() -> console(user, "", role.equals("admin") ? "head -n 1 etc/shell.init.script" : "feature:list")
                        .status()
                == 0);
    }

    private static void letNobodyIn() throws Exception {
        Files.deleteIfExists(karaf.file("etc/org.peercred.policy.uid-guest.cfg"));
        Files.deleteIfExists(karaf.file("etc/org.peercred.roles-guest.cfg"));
        awaitTrue(() -> console(GUEST, "", "version").status() == 255);
    }

    private static Ran console(User user, String input, String... words) throws Exception {
        return run(user, input, with(List.of("/bin/sh", "bin/console"), words));
    }

    private static Ran ssh(User user, String input, String... words) throws Exception {
        return run(user, input, with(List.of("ssh", "-F", "data/console.ssh_config"), words));
    }

    private static Ran terminal(User user, String... steps) throws Exception {
        return run(user, "", with(List.of("python3", "-c", TERMINAL, "bin/console"), steps));
    }

    private static Ran run(User user, String input, String... words) throws Exception {
        return Ran.of(Ran.program(user, home, words), input);
    }

    private static String[] with(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toArray(String[]::new);
    }

    /** Threads of the console, by the first letters of their names, which is all that the kernel keeps. */
    private static long threads() throws IOException {
        long count = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + karaf.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String name = Files.readString(task.resolve("comm"), UTF_8);
                    count += name.startsWith("peercred-consol") || name.startsWith("peercred-stream") ? 1 : 0;
                } catch (IOException e) {
                    // It has ended since.
                }
            }
        }
        return count;
    }

    private static void assumeTool(String tool) throws IOException, InterruptedException {
        boolean found = new ProcessBuilder("which", tool).start().waitFor() == 0;
        if (!found) {
            System.err.println("needs " + tool);
        }
        assumeTrue("needs " + tool, found);
    }

    private static Path found(String tool) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

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
