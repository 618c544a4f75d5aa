/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
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
import org.junit.rules.Timeout;

/** The assembled distribution with its console open to others, and the clients that people have. A container for each class of tests. */
public abstract class ConsoleKaraf {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    /** Two who have names, since OpenSSH's client runs for nobody without: "daemon" and "bin" on Debian. */
    static final User OPERATOR = User.SELF.equals(User.ROOT) ? new User(1) : User.SELF;

    static final User GUEST = new User(2);

    static Installation karaf;
    static Path home;
    static Path socket;

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

    static void letIn(User user, String role) throws Exception {
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

    static void letNobodyIn() throws Exception {
        Files.deleteIfExists(karaf.file("etc/org.peercred.policy.uid-guest.cfg"));
        Files.deleteIfExists(karaf.file("etc/org.peercred.roles-guest.cfg"));
        awaitTrue(() -> console(GUEST, "", "version").status() == 255);
    }

    static Ran console(User user, String input, String... words) throws Exception {
        return run(user, input, with(List.of("/bin/sh", "bin/console"), words));
    }

    static Ran ssh(User user, String input, String... words) throws Exception {
        return run(user, input, with(List.of("ssh", "-F", "data/console.ssh_config"), words));
    }

    static Ran terminal(User user, String... steps) throws Exception {
        return run(user, "", with(List.of("python3", "-c", ConsolePrograms.TERMINAL, "bin/console"), steps));
    }

    static Ran run(User user, String input, String... words) throws Exception {
        return Ran.of(Ran.program(user, home, words), input);
    }

    static String[] with(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toArray(String[]::new);
    }

    /** Starts a program that starts OpenSSH's clients. */
    static Process program(String program, String count, String... words) throws IOException {
        return program(program, List.of(with(List.of(count, "ssh", "-F", "data/console.ssh_config"), words)));
    }

    static Process pausing(String command) throws IOException {
        return program(ConsolePrograms.PAUSING, List.of("ssh", "-F", "data/console.ssh_config", "peercred", command));
    }

    static Process program(String program, List<String> words) throws IOException {
        return Ran.program(OPERATOR, home, with(List.of("python3", "-c", program), words.toArray(String[]::new)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static void tell(Process process) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Threads of the console, by the first letters of their names, which is all that the kernel keeps. */
    static long threads() throws IOException {
        return tasks().stream()
                .filter(name -> name.startsWith("peercred-consol") || name.startsWith("peercred-stream"))
                .count();
    }

    /** The names of the container's threads. */
    static List<String> tasks() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + karaf.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    names.add(Files.readString(task.resolve("comm"), UTF_8));
                } catch (IOException e) {
                    // It has ended since.
                }
            }
        }
        return names;
    }

    static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + karaf.pid() + "/fd"))) {
            return open.count();
        }
    }

    static void assumeTool(String tool) throws IOException, InterruptedException {
        boolean found = new ProcessBuilder("which", tool).start().waitFor() == 0;
        if (!found) {
            System.err.println("needs " + tool);
        }
        assumeTrue("needs " + tool, found);
    }

    static Path found(String tool) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    static void awaitAudit(String... parts) {
        awaitTrue(() ->
                karaf.log("audit.log").lines().anyMatch(line -> Stream.of(parts).allMatch(line::contains)));
    }

    static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(condition);
    }

    /** How often a line is in the audit. */
    static long audited(String line) throws Exception {
        return karaf.log("audit.log")
                .lines()
                .filter(audited -> audited.contains("line=\"" + line + "\""))
                .count();
    }
}
