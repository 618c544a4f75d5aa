/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.Map;
import java.util.Objects;

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
        String path = Objects.toString(properties.get(FILE_KEY), "");
        String file = path.substring(path.lastIndexOf('/') + 1);
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
