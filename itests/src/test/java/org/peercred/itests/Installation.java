/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Karaf in a directory of its own, seen from outside: unpacked, configured, started and stopped as an operator does it. Its echo
 * socket is not the shipped one, which a demonstration on this machine may be using.
 */
final class Installation {

    private static final int PATIENCE_SECONDS = 120;

    private static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    /** The exit status of the client where nobody listens. */
    private static final int NOBODY_LISTENS = 3;

    /** Sends a line, ends its side, and prints all that comes back until the other side ends. */
    private static final String CLIENT =
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(60)
            try:
                s.connect(sys.argv[1])
            except (FileNotFoundError, ConnectionRefusedError):
                sys.exit(3)
            s.sendall(sys.argv[2].encode() + b'\\n')
            s.shutdown(socket.SHUT_WR)
            while True:
                data = s.recv(4096)
                if not data:
                    break
                sys.stdout.buffer.write(data)
            """;

    private static final String CLIENTS =
            """
            import socket, sys
            for i in range(int(sys.argv[2])):
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(60)
                s.connect(sys.argv[1])
                s.sendall(b'x\\n')
                if s.recv(100) != b'> x\\n':
                    sys.exit(1)
                s.close()
            """;

    private final User user;
    private final Path directory;
    private final Path home;
    private final Path socket;
    private boolean archivesClasses;
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private Process process;

    Installation(Path archive, User user) throws IOException {
        this.user = user;
        directory = Files.createTempDirectory("peercred-it");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = Files.createDirectory(directory.resolve("karaf"));
        socket = Files.createDirectory(directory.resolve("run")).resolve("echo.sock");
        runAs(
                User.SELF,
                "tar",
                "-xzf",
                archive.toString(),
                "-C",
                home.toString(),
                "--strip-components=1",
                "--no-same-owner");
    }

    Path socket() {
        return socket;
    }

    Path file(String name) {
        return home.resolve(name);
    }

    /** Replaces one text in a file by another. */
    void edit(String name, String text, String replacement) throws IOException {
        String before = Files.readString(file(name), UTF_8);
        if (!before.contains(text)) {
            throw new AssertionError(name + " does not contain: " + text);
        }
        EtcFile.write(file(name), before.replace(text, replacement));
    }

    void append(String name, String text) throws IOException {
        EtcFile.write(file(name), Files.readString(file(name), UTF_8) + text);
    }

    void copy(Path source, String name) throws IOException {
        EtcFile.copy(source, file(name));
    }

    /** Starts it in the foreground, as {@code ./peercred run} does, unless it is running. */
    void start() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        giveToUser();
        startAsItIs();
    }

    private void giveToUser() throws IOException {
        if (!user.equals(User.SELF)) {
            runAs(User.SELF, "chown", "-R", user.uid() + ":" + user.uid(), directory.toString());
        }
    }

    /** The same, with files as they are, of whomever they are. */
    void startAsItIs() throws IOException {
        ProcessBuilder builder = withOptions(builder(user, file("bin/karaf").toString(), "daemon"));
        process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(terminal().toFile()))
                .start();
    }

    /** Lets it write its class archive when it ends, which takes seconds, and use it from then on. */
    void archiveClasses() {
        archivesClasses = true;
    }

    private ProcessBuilder withOptions(ProcessBuilder builder) {
        builder.environment().put("KARAF_CLASS_ARCHIVE", archivesClasses ? "on" : "off");
        builder.environment().put("KARAF_SYSTEM_OPTS", "-Dkaraf.log.console=WARN -Dpeercred.log.console=INFO");
        return builder;
    }

    /** Has another program start it, as a service manager does. It is that program that is ended with the installation. */
    Process startedBy(ProcessBuilder.Redirect output, String... words) throws IOException {
        giveToUser();
        process = withOptions(builder(user, words)).redirectOutput(output).start();
        return process;
    }

    /** Runs a client of the installation's user; whoever calls this ends it. */
    Process runs(String... words) throws IOException {
        return builder(user, words).start();
    }

    /** Starts with another Java from now on. */
    void use(Path newJavaHome) {
        javaHome = newJavaHome;
    }

    /** Ends it, as an operator does. */
    void stop() throws IOException, InterruptedException {
        signal("TERM");
        awaitEnd();
    }

    /** What it printed. */
    String printed() throws IOException {
        return Files.readString(terminal(), UTF_8);
    }

    String log(String name) throws IOException {
        Path log = file("data/log/" + name);
        return Files.exists(log) ? Files.readString(log, UTF_8) : "";
    }

    /** What a client hears that sends one line. */
    String hears(User client, String line) throws IOException {
        return runAs(client, "python3", "-c", CLIENT, socket.toString(), line);
    }

    /** Connects so many times, one after the other, and hears an echo each time. */
    void connects(User client, int times) throws IOException {
        runAs(client, "python3", "-c", CLIENTS, socket.toString(), String.valueOf(times));
    }

    void awaitEcho(User client) {
        awaitHears(client, "> ready\n");
    }

    /** Waits until a client that sends {@code ready} hears exactly this. */
    void awaitHears(User client, String expected) {
        awaitTrue(() -> hearsNow(client).equals(expected));
    }

    /** What a command prints in the console over SSH. The user's password is the user's name. */
    String console(int port, String name, String command) throws IOException {
        return script("client", "-h", "127.0.0.1", "-a", String.valueOf(port), "-u", name, "-p", name, command);
    }

    void awaitConsole(int port, String name) {
        awaitConsoleSays(port, name, "echo ready", "ready");
    }

    void awaitConsoleSays(int port, String name, String command, String expected) {
        awaitTrue(() -> {
            try {
                return console(port, name, command).contains(expected);
            } catch (ExitException e) {
                // Not there yet.
                return false;
            }
        });
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal to Karaf. */
    void signal(String name) throws IOException {
        runAs(User.SELF, "kill", "-" + name, String.valueOf(pid()));
    }

    /** Waits until Karaf has ended. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Karaf did not end within " + PATIENCE_SECONDS + " s");
        }
    }

    /** Runs one of the scripts in bin/ as the user of the installation. */
    String script(String name, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(file("bin/" + name).toString()));
        words.addAll(List.of(arguments));
        return runAs(user, words.toArray(String[]::new));
    }

    /** Stops it, by force if it has to be, and deletes it. */
    void remove() throws IOException, InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void awaitTrue(Callable<Boolean> condition) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("Karaf has ended: " + printed());
                    }
                    return condition.call();
                });
    }

    /** What it prints is appended to it. */
    Path terminal() {
        return directory.resolve("terminal.txt");
    }

    private String hearsNow(User client) throws IOException {
        try {
            return hears(client, "ready");
        } catch (ExitException e) {
            if (e.status != NOBODY_LISTENS) {
                throw e;
            }
            return "";
        }
    }

    private ProcessBuilder builder(User as, String... words) {
        ProcessBuilder builder = new ProcessBuilder(as.command(words)).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        // The tests' own path may lead through a home directory that others may not enter.
        environment.put("PATH", PATH);
        environment.put("HOME", directory.toString());
        environment.put("JAVA_HOME", javaHome.toString());
        return builder.directory(directory.toFile());
    }

    /** Runs a command to its end and returns what it printed. Its standard input stays open, which bin/client needs. */
    private String runAs(User as, String... words) throws IOException {
        Path output = Files.createTempFile("peercred-it", ".txt");
        Process command = builder(as, words).redirectOutput(output.toFile()).start();
        try {
            if (!command.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(String.join(" ", words) + " did not end within " + PATIENCE_SECONDS + " s");
            }
            String printed = Files.readString(output, UTF_8);
            if (command.exitValue() != 0) {
                throw new ExitException(words[0], command.exitValue(), printed);
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            command.destroyForcibly();
            Files.delete(output);
        }
    }

    /** A command that failed. */
    static final class ExitException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        ExitException(String command, int status, String printed) {
            super(command + " ended with status " + status + ": " + printed);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
