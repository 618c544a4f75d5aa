/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the tests of this module have logged. The build sends that to a file of its own. */
public final class Logged {

    private Logged() {}

    /**
     * The lines that contain all of some texts. Skips the test where the log is not sent to a file.
     *
     * @param texts chosen so that no other test of the module logs such a line
     * @return oldest first
     */
    public static List<String> lines(String... texts) {
        String file = System.getProperty("org.slf4j.simpleLogger.logFile");
        assumeTrue(file != null, "needs the log file that the build sets up");
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> Arrays.stream(texts).allMatch(line::contains))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
