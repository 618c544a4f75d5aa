/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for one socket, which its owner alone may enter. */
final class SocketDirectory {

    /** What a socket's path may have, see unix(7), less a name. */
    private static final int LONGEST = 90;

    private SocketDirectory() {}

    static Path create() throws IOException {
        Path usual = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        // A build's own temporary directory may be too far down.
        Path parent = usual.toString().length() < LONGEST ? usual : Path.of("/tmp");
        return Files.createTempDirectory(parent, "peercred");
    }

    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
