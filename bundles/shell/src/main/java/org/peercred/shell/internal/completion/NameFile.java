/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The local part of a user database, {@code /etc/passwd} or {@code /etc/group}: names that are cheap to list. Good for
 * suggestions only; who somebody is, is asked of the name services.
 */
final class NameFile {

    private static final int ID_FIELD = 2;

    private NameFile() {}

    /**
     * Reads such a file.
     *
     * @param file fields separated by colons, the first a name, the third an id
     * @return ids by name; what cannot be read is left out
     */
    static Map<String, String> idsByName(Path file) {
        Map<String, String> ids = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > ID_FIELD && !line.startsWith("#")) {
                    ids.putIfAbsent(fields[0], fields[ID_FIELD]);
                }
            }
        } catch (IOException e) {
            // No suggestions then.
        }
        return ids;
    }
}
