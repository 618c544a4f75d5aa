/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files of a Karaf that may be running, replaced whole and at once: its installer of configurations can see a file that is written in
 * place half-way, and forget one that was gone for a moment.
 */
final class EtcFile {

    private EtcFile() {}

    static void write(Path file, String text) throws IOException {
        Path fresh = fresh(file);
        Files.writeString(fresh, text, UTF_8);
        put(fresh, file);
    }

    static void copy(Path source, Path file) throws IOException {
        Path fresh = fresh(file);
        Files.copy(source, fresh);
        put(fresh, file);
    }

    /** A name that nothing in Karaf looks at. */
    private static Path fresh(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".fresh");
    }

    private static void put(Path fresh, Path file) throws IOException {
        if (Files.exists(file)) {
            Files.setOwner(fresh, Files.getOwner(file));
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
