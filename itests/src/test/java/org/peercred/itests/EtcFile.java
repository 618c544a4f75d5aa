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
import java.util.regex.Pattern;

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

    /**
     * Changes a key, or adds it; the others stay. Not by {@code config:update}: that writes the file in place, and what Karaf's installer of
     * configurations does not see of it half-way is lost, such as which service a listener offers.
     */
    static void set(Path file, String key, String value) throws IOException {
        write(file, without(file, key).stripTrailing() + "\n" + key + " = " + value + "\n");
    }

    /** Takes a key out; the others stay. */
    static void remove(Path file, String key) throws IOException {
        write(file, without(file, key));
    }

    private static String without(Path file, String key) throws IOException {
        return Files.exists(file)
                ? Files.readString(file, UTF_8)
                        .replaceAll("(?m)^" + Pattern.quote(key) + "[ \\t]*=(?:.*\\\\\\R)*.*\\R?", "")
                : "";
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
