/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What is in a directory of configuration files, as cheaply as that can be told. */
final class Listing {

    private Listing() {}

    /**
     * Lists it.
     *
     * @param directory the directory; looked up by its name each time, since it may be replaced as a whole
     * @return the files that are, or look as if they were meant to be, configurations of ours
     * @throws IOException if it cannot be listed: then nothing is known of any file
     */
    static Map<String, Stamp> of(Path directory) throws IOException {
        Map<String, Stamp> found = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (FileName.isOurs(name)) {
                    found.put(name, Stamp.of(entry));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }
}
