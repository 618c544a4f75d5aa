/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares {@code max.connections} with what this process may open (RLIMIT_NOFILE, see getrlimit(2)). */
final class DescriptorLimit {

    private static final Logger LOG = LoggerFactory.getLogger(DescriptorLimit.class);
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)\\s.*");

    private DescriptorLimit() {}

    static void check(ListenerSettings settings) {
        long needed = (long) settings.maxConnections() * (settings.closeOnPeerExit() ? 2 : 1);
        OptionalLong limit = limit();
        if (limit.isPresent() && needed > limit.getAsLong()) {
            LOG.warn(
                    "Listener {}: max.connections = {} needs {} descriptors, but this process may open only {}"
                            + " (ulimit -n); connections beyond that will wait.",
                    settings.name(),
                    settings.maxConnections(),
                    needed,
                    limit.getAsLong());
        }
    }

    private static OptionalLong limit() {
        try {
            return Files.readAllLines(LIMITS).stream()
                    .map(OPEN_FILES::matcher)
                    .filter(Matcher::matches)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
