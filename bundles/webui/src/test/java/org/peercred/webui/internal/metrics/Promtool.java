/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Prometheus' own checks, where they are installed (Debian: the package prometheus). */
final class Promtool {

    private static final String MISSING = "needs promtool: Prometheus' own checks (Debian: the package prometheus)";
    private static final int PATIENCE_SECONDS = 100;

    private Promtool() {}

    /** Fails where it has a complaint, with its words; skips the test where it is not installed, and says so. */
    static void accepts(Path input, String... arguments) throws IOException, InterruptedException {
        Optional<Path> program = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            System.err.println(MISSING);
        }
        assumeTrue(program.isPresent(), MISSING);
        List<String> command = new ArrayList<>(List.of(program.orElseThrow().toString()));
        command.addAll(List.of(arguments));
        Path output = input.resolveSibling("promtool.out");
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals("true 0", ended + " " + (ended ? process.exitValue() : -1), Files.readString(output, UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
