/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Key;

/** Reads paths that are going to be compared: there must be one way only to write each. */
public final class Paths {

    private Paths() {}

    /**
     * Reads one path.
     *
     * @param config the configuration
     * @param key the key
     * @param entry the whole entry, for the message
     * @param text the path in it
     * @return an absolute path without {@code .} and {@code ..}
     * @throws ConfigException if it is none
     */
    public static Path absolute(Config config, Key<?> key, String entry, String text) throws ConfigException {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute() && path.equals(path.normalize())) {
                return path;
            }
        } catch (InvalidPathException e) {
            // explained below
        }
        throw config.invalid(key, entry, "an absolute path without . and .. is expected");
    }
}
