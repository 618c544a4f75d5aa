/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.peercred.echo.internal.EchoService;
import org.peercred.testing.TestListener;

/** The clients in docs/clients talk to the echo service on a real socket, each in its language. */
@Timeout(120)
class ClientsTest {

    private static final int PATIENCE_SECONDS = 60;

    /** More than the kernel's and the listener's buffers hold. */
    private static final int MANY = 20_000;

    @TempDir
    private Path directory;

    private enum Client {
        PYTHON("client.py", "python3"),
        C("client.c", "gcc"),
        JAVA("Client.java", System.getProperty("java.home") + "/bin/java"),
        NODE("client.mjs", "node"),
        SHELL("client.sh", "bash");

        private final String file;
        private final String program;

        Client(String file, String program) {
            this.file = file;
            this.program = program;
        }

        private List<String> needs() {
            return this == SHELL ? List.of(program, "socat") : List.of(program);
        }
    }

    /** How a client ended, and what it printed. */
    private record Ending(int status, String output, String errors) {}

    /** Runs a client with bytes, one for each character, as its standard input. */
    private Ending run(Client client, Path socket, String input) throws IOException, InterruptedException {
        for (String program : client.needs()) {
            assumeTrue(isInstalled(program), "needs " + program + ": it is not installed");
        }
        String file = "clients/" + client.file;
        List<String> words = List.of(client.program, file);
        if (client == Client.C) {
            words = List.of(directory.resolve("client").toString());
            Ending compiled = run("", "gcc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-o", words.get(0), file);
            assertEquals(new Ending(0, "", ""), compiled);
        }
        return run(
                input,
                Stream.concat(words.stream(), Stream.of(socket.toString())).toArray(String[]::new));
    }

    private Ending run(String input, String... words) throws IOException, InterruptedException {
        Path in = Files.writeString(directory.resolve("in"), input, StandardCharsets.ISO_8859_1);
        Path out = directory.resolve("out");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(words)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(
                    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    () -> String.join(" ", words) + " does not end");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Ending(
                process.exitValue(),
                Files.readString(out, StandardCharsets.ISO_8859_1),
                Files.readString(errors, StandardCharsets.ISO_8859_1));
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory).resolve(program)));
    }

    private static TestListener echo() {
        return TestListener.lines(new EchoService());
    }

    @ParameterizedTest
    @EnumSource
    void print_what_comes_back_byte_by_byte(Client client) throws Exception {
        try (TestListener listener = echo()) {
            Ending ending = run(client, listener.path(), "hello\n\n  two  words \r\n\\n\377\200\303\274\n");
            assertEquals(new Ending(0, "> hello\n> \n>   two  words \r\n> \\n\377\200\303\274\n", ""), ending);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SHELL")
    void end_a_last_line_that_has_no_end(Client client) throws Exception {
        try (TestListener listener = echo()) {
            assertEquals(new Ending(0, "> one\n> two\n", ""), run(client, listener.path(), "one\ntwo"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void take_nothing_for_an_answer(Client client) throws Exception {
        try (TestListener listener = echo()) {
            assertEquals(new Ending(0, "", ""), run(client, listener.path(), ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void wait_for_nobody_who_waits_for_them(Client client) throws Exception {
        List<String> lines =
                IntStream.range(0, MANY).mapToObj(i -> "%0100d\n".formatted(i)).toList();
        try (TestListener listener = echo()) {
            Ending ending = run(client, listener.path(), String.join("", lines));
            assertEquals("", ending.errors());
            assertTrue(
                    ending.output()
                            .equals(lines.stream().map(line -> "> " + line).collect(Collectors.joining())),
                    "other replies than were due");
            assertEquals(0, ending.status());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tell_why_they_are_turned_away(Client client) throws Exception {
        try (TestListener listener = echo()) {
            listener.access().denyAll();
            Ending ending = run(client, listener.path(), "hello\n");
            assertEquals(1, ending.status());
            assertEquals("", ending.output());
            assertTrue(ending.errors().endsWith("refused: Unauthorized access\n"), ending.errors());
            assertEquals(1, ending.errors().lines().count(), ending.errors());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tell_in_one_line_that_nobody_listens(Client client) throws Exception {
        Ending ending = run(client, directory.resolve("nobody.sock"), "hello\n");
        assertEquals(1, ending.status());
        assertEquals("", ending.output());
        assertEquals(1, ending.errors().lines().count(), ending.errors());
        assertTrue(
                ending.errors().contains("No such file or directory")
                        || ending.errors().contains("ENOENT"),
                ending.errors());
    }

    @Test
    void are_all_of_them_tried() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("clients"))) {
            assertEquals(
                    Arrays.stream(Client.values())
                            .map(client -> client.file)
                            .sorted()
                            .toList(),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }
}
