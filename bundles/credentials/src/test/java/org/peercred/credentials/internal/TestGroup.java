/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A control group of version 2 for one test, which root alone can make. Whoever is in it has to be gone before it is closed. */
final class TestGroup implements AutoCloseable {

    private final Path root;
    private final Path directory;

    TestGroup() throws IOException {
        Root.needed("control groups of its own");
        root = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ", -1)[4]))
                .findFirst()
                .orElseThrow();
        directory = Files.createTempDirectory(root, "peercred");
    }

    String path() {
        return "/" + root.relativize(directory);
    }

    void take(int pid) throws IOException {
        Files.writeString(directory.resolve("cgroup.procs"), "" + pid);
    }

    /** Removes it, and makes another one with the same path. */
    void remake() throws IOException {
        close();
        Files.createDirectory(directory);
    }

    /** A process that has ended leaves its group a little later. */
    @Override
    public void close() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            Files.delete(directory);
            return true;
        });
    }
}
