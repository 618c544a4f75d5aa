/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Where a file is that an operator names: a path that is not absolute begins in Karaf's directory, wherever its data and logs are. */
final class AuditPath {

    private static final Path DATA = Path.of("data");
    private static final Path LOGS = Path.of("data", "log");

    private AuditPath() {}

    /**
     * Finds it.
     *
     * @param named what the operator wrote
     * @param properties Karaf's properties {@code karaf.base}, {@code karaf.data} and {@code karaf.log}; null for one that is not set
     * @return an absolute path
     * @throws java.nio.file.InvalidPathException if it is no path
     */
    static Path of(String named, UnaryOperator<String> properties) {
        Path path = Path.of(named).normalize();
        String logs = properties.apply("karaf.log");
        String data = properties.apply("karaf.data");
        String base = properties.apply("karaf.base");
        if (path.startsWith(LOGS) && logs != null) {
            return Path.of(logs).resolve(LOGS.relativize(path)).toAbsolutePath();
        }
        if (path.startsWith(DATA) && data != null) {
            return Path.of(data).resolve(DATA.relativize(path)).toAbsolutePath();
        }
        return (base == null ? path : Path.of(base).resolve(path)).toAbsolutePath();
    }
}
