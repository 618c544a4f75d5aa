/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client in a process of its own, which does what it is told, one piece of Python after the other.
 *
 * <p>It knows the functions {@code connect()}, which connects the socket {@code s} to the server, and {@code say(x)}, which
 * answers the test.
 */
final class Client implements AutoCloseable {

    /** The system's own interpreter, which every user may execute; a private one may come first on the path. */
    static final String PYTHON = Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";

    private static final String PROGRAM =
            """
            import base64, ctypes, os, signal, socket, subprocess, sys, time
            os.setsid()
            s = socket.socket(socket.AF_UNIX)
            libc = ctypes.CDLL(None, use_errno=True)
            answered = False
            def connect():
                s.connect(sys.argv[1])
            def say(x):
                global answered
                answered = True
                print(x, flush=True)
            while True:
                line = sys.stdin.readline()
                if not line:
                    os._exit(0)
                answered = False
                try:
                    exec(base64.b64decode(line).decode())
                    if not answered:
                        say("")
                except BaseException as e:
                    say("failed: %r" % (e,))
            """;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    /**
     * Starts a client.
     *
     * @param server where it may connect
     * @param prefix a command that executes the command after it, such as setpriv with its options; may be empty
     */
    Client(Server server, String... prefix) throws IOException {
        this(Path.of(PYTHON), server.path().toString(), prefix);
    }

    Client(String serverPath, String... prefix) throws IOException {
        this(Path.of(PYTHON), serverPath, prefix);
    }

    Client(Path python, String serverPath, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(python.toString(), "-c", PROGRAM, serverPath));
        process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** The number of the process that was started; with unshare --fork, not the client's own. */
    int pid() {
        return Math.toIntExact(process.pid());
    }

    /** Has the client do something and waits until it is done, twenty seconds at most. */
    String tell(String python) throws Exception {
        order(python);
        String answer = CompletableFuture.supplyAsync(this::line).get(60, TimeUnit.SECONDS);
        if (answer == null || answer.startsWith("failed: ")) {
            throw new IOException("The client answered \"" + answer + "\" to: " + python);
        }
        return answer;
    }

    /** Has the client do something that ends it, or turns it into another program. */
    void order(String python) throws IOException {
        input.write(Base64.getEncoder().encodeToString(python.getBytes(StandardCharsets.UTF_8)) + "\n");
        input.flush();
    }

    private String line() {
        try {
            return output.readLine();
        } catch (IOException e) {
            return "failed: " + e;
        }
    }

    /** Ends the process and waits until it is reaped. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits until the process ended by itself and is reaped, twenty seconds at most. */
    void awaitEnd() {
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Ends the client and all that it started: it leads a group of its own. */
    @Override
    public void close() {
        Sockets.killGroup(pid());
        kill();
    }
}
