/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is logged from now on. */
public final class LogFile {

    private final Path file = Path.of(System.getProperty("org.slf4j.simpleLogger.logFile"));
    private final long start;

    public LogFile() throws IOException {
        start = Files.exists(file) ? Files.size(file) : 0;
    }

    /** How many lines hold a text. */
    public long count(String text) throws IOException {
        return text().lines().filter(line -> line.contains(text)).count();
    }

    /** All of it. */
    public String text() throws IOException {
        byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        return new String(all, (int) start, all.length - (int) start, StandardCharsets.UTF_8);
    }
}
