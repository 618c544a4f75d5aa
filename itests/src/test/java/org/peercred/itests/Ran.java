/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What became of a program that was run to its end.
 *
 * @param status its exit status
 * @param out what it printed
 * @param err what it complained about
 */
record Ran(int status, String out, String err) {

    private static final int PATIENCE_SECONDS = 120;

    private static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    /** Skips a test for which this machine has no such program, and says so. */
    static void needs(String program, String what) {
        boolean isThere = Stream.of(PATH.split(":", -1)).anyMatch(place -> Files.isExecutable(Path.of(place, program)));
        if (!isThere) {
            System.err.println("needs " + program + ": " + what);
        }
        assumeTrue("needs " + program + ": " + what, isThere);
    }

    /** Prepares a program, with nothing of this process's environment but the path. */
    static ProcessBuilder program(User as, Path directory, String... words) {
        ProcessBuilder builder = new ProcessBuilder(as.command(words)).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("HOME", directory.toString());
        environment.put("LANG", "C.UTF-8");
        return builder;
    }

    /** Runs a program that reads this and then the end of its input. */
    static Ran of(ProcessBuilder program, String input) throws IOException, InterruptedException {
        Path in = Files.writeString(Files.createTempFile("peercred-it", ".in"), input, UTF_8);
        Path out = Files.createTempFile("peercred-it", ".out");
        Path err = Files.createTempFile("peercred-it", ".err");
        Process process = program.redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(program.command() + " did not end within " + PATIENCE_SECONDS + " s: "
                        + Files.readString(out, UTF_8) + Files.readString(err, UTF_8));
            }
            return new Ran(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }
}
