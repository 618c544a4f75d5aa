/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a test changes in the configuration of its Karaf, and puts back at its end. */
final class Changes implements Closeable {

    private final Map<Path, Optional<String>> before = new LinkedHashMap<>();

    void write(String name, String text) throws IOException {
        EtcFile.write(remember(name), text);
    }

    void delete(String name) throws IOException {
        Files.delete(remember(name));
    }

    private Path remember(String name) throws IOException {
        Path file = StockKaraf.etc().resolve(name);
        if (!before.containsKey(file)) {
            before.put(file, Files.exists(file) ? Optional.of(Files.readString(file, UTF_8)) : Optional.empty());
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (Map.Entry<Path, Optional<String>> each : before.entrySet()) {
            if (each.getValue().isPresent()) {
                EtcFile.write(each.getKey(), each.getValue().get());
            } else {
                Files.deleteIfExists(each.getKey());
            }
        }
    }
}
