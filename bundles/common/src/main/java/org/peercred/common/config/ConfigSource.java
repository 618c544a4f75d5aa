/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a configuration came from, for messages, and the instance's name.
 *
 * @param pid the configuration's PID
 * @param file the file it was read from, as an operator knows it; the PID where there is none
 * @param name the instance's name: the key {@code name}, else from the file's name, else from the PID
 */
public record ConfigSource(String pid, String file, String name) {

    private static final String FILE_KEY = "felix.fileinstall.filename";

    /**
     * Reads the source off a configuration.
     *
     * @param properties the configuration as DS hands it over
     * @param factoryPid the PID of the component, which precedes the instance's name in file names and PIDs
     * @return the source
     */
    public static ConfigSource of(Map<String, ?> properties, String factoryPid) {
        String pid = Objects.toString(properties.get("service.pid"), factoryPid);
        String file =
                path(properties).map(Path::getFileName).map(Path::toString).orElse("");
        String name = Objects.toString(properties.get("name"), "").strip();
        if (name.isEmpty()) {
            name = suffix(stripExtension(file), factoryPid, '-');
        }
        if (name.isEmpty()) {
            name = suffix(pid, factoryPid, '~');
        }
        if (name.isEmpty()) {
            name = suffix(pid, factoryPid, '.');
        }
        return new ConfigSource(pid, file.isEmpty() ? pid : "etc/" + file, name);
    }

    /**
     * The file that a configuration was read from.
     *
     * @param properties the configuration as DS hands it over
     * @return its path, whether the file is still there or not; empty where the configuration came without a file
     */
    public static Optional<Path> path(Map<String, ?> properties) {
        String file = Objects.toString(properties.get(FILE_KEY), "");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            // Karaf writes a URI, in which a blank is %20; a bare path is what a person would write.
            return Optional.of(file.startsWith("file:") ? Path.of(URI.create(file)) : Path.of(file));
        } catch (IllegalArgumentException e) {
            return Optional.of(Path.of(file.replace("\0", "").substring(file.lastIndexOf(':') + 1)));
        }
    }

    private static String stripExtension(String file) {
        int dot = file.lastIndexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    private static String suffix(String whole, String prefix, char separator) {
        return whole.length() > prefix.length() + 1
                        && whole.startsWith(prefix)
                        && whole.charAt(prefix.length()) == separator
                ? whole.substring(prefix.length() + 1)
                : "";
    }
}
