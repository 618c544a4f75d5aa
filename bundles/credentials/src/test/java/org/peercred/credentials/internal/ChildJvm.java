/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A {@link Probe} in a Java of its own, for what a test cannot do to the Java that it runs in. */
final class ChildJvm implements AutoCloseable {

    /**
     * Executes a command under a filter that has the kernel answer one system call with an error, as an older kernel would:
     * its arguments are the call's number, the index and the value of the argument that selects it, and the error.
     */
    static final String FILTER =
            """
            import ctypes, os, struct, sys
            call, index, value, error = map(int, sys.argv[1:5])
            def op(code, jt, jf, k): return struct.pack('HBBI', code, jt, jf, k)
            LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
            program = (op(LOAD, 0, 0, 0) + op(EQUAL, 0, 3, call) + op(LOAD, 0, 0, 16 + 8 * index)
                + op(EQUAL, 0, 1, value) + op(RETURN, 0, 0, 0x00050000 | error) + op(RETURN, 0, 0, 0x7fff0000))
            buffer = ctypes.create_string_buffer(program)
            class Program(ctypes.Structure):
                _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
            libc = ctypes.CDLL(None, use_errno=True)
            PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 38, 22
            assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            assert libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(Program(len(program) // 8, ctypes.addressof(buffer)))) == 0
            os.execvp(sys.argv[5], sys.argv[5:])
            """;

    private final Process process;
    private final BufferedReader output;

    /**
     * Starts it.
     *
     * @param scenario what the probe does
     * @param prefix a command that executes the command after it; may be empty
     */
    ChildJvm(String scenario, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                scenario));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Waits for the next line {@code key=value}, thirty seconds at most. */
    String value(String key) throws Exception {
        String line = CompletableFuture.supplyAsync(() -> lineOf(key)).get(60, TimeUnit.SECONDS);
        return line.substring(key.length() + 1);
    }

    /** The number of the Java that a prefix which forks has started. */
    long childPid() {
        return process.children().findFirst().orElseThrow().pid();
    }

    private String lineOf(String key) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(key + "=")) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("The probe did not say " + key + ".");
    }

    /** Waits until the probe is done, and ends it where it is not. */
    @Override
    public void close() {
        process.onExit().completeOnTimeout(process, 15, TimeUnit.SECONDS).join();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
