/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client in a process of its own: a piece of Python that prints what it saw. It is killed when closed. */
public final class Python implements AutoCloseable {

    /** The system's own interpreter, which every user may execute; a private one may come first on the path. */
    private static final String INTERPRETER =
            Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";

    private static final long PATIENCE_SECONDS = 100;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private Python(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts a program.
     *
     * @param path the socket's, or {@code @} and an abstract name
     * @param program finds the socket's path in {@code path}, and {@code connect()} that connects to it
     */
    public static Python run(Path path, String program) throws IOException {
        return run(List.of(), path, program);
    }

    /** As another user, without any further groups. */
    public static Python runAs(long uid, Path path, String program) throws IOException {
        return run(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups"), path, program);
    }

    private static Python run(List<String> prefix, Path path, String program) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(INTERPRETER, "-u", "-c", PREAMBLE + program, path.toString()));
        return new Python(new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static final String PREAMBLE =
            """
            import os, select, signal, socket, struct, subprocess, sys, time, resource
            path = '\\0' + sys.argv[1][1:] if sys.argv[1].startswith('@') else sys.argv[1]
            def connect():
                s = socket.socket(socket.AF_UNIX)
                s.connect(path)
                return s
            def rest(s):
                all = b''
                while True:
                    b = s.recv(65536)
                    if not b:
                        return all
                    all += b
            """;

    public long pid() {
        return process.pid();
    }

    /** The next line that it prints. */
    public String line() throws Exception {
        return CompletableFuture.supplyAsync(this::read).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Writes a line to its standard input. */
    public Python tell(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
        return this;
    }

    /** Waits until it ended by itself. */
    public int exit() {
        return process.onExit()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join()
                .exitValue();
    }

    /** Kills it with SIGKILL and waits until it is reaped. */
    public int kill() {
        process.destroyForcibly();
        return exit();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        kill();
    }

    private String read() {
        try {
            return output.readLine();
        } catch (IOException e) {
            return "failed: " + e;
        }
    }
}
