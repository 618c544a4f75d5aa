/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.listener.internal.socket.SocketPathException;

/** What it means for a listener's configuration that its {@code path} asks for a socket of systemd's. */
final class SystemdPath {

    /** The keys that say how a socket is made, and where a socket unit says it. */
    private static final Map<String, String> DIRECTIVES = new TreeMap<>(Map.of(
            ListenerKeys.MODE.name(), "SocketMode=",
            ListenerKeys.OWNER.name(), "SocketUser=",
            ListenerKeys.GROUP.name(), "SocketGroup=",
            ListenerKeys.BACKLOG.name(), "Backlog=",
            ListenerKeys.LEAVE_STALE.name(), "RemoveOnStop="));

    private SystemdPath() {}

    /** The name that follows; empty for a path of another kind. */
    static Optional<String> name(String path) {
        return path.startsWith(PassedSockets.PREFIX)
                ? Optional.of(path.substring(PassedSockets.PREFIX.length()))
                : Optional.empty();
    }

    /** Whether a configuration asks for such a socket, be it in a way that can be understood or not. */
    static boolean isMeant(Config config) {
        return name(written(config, ListenerKeys.PATH.name())).isPresent();
    }

    /**
     * Checks that systemd handed over what a configuration asks for. Whatever it handed over it did before this process began: a
     * configuration that asks for something else will not come true later.
     *
     * @param config the raw configuration; a path that cannot be understood is not looked at
     * @param passed what systemd handed over; empty to check nothing
     * @throws ConfigException if it did not
     */
    static void check(Config config, Optional<PassedSockets> passed) throws ConfigException {
        String path = ListenerKeys.PATH.in(config);
        Optional<String> name = name(path);
        if (name.isPresent() && passed.isPresent()) {
            try {
                passed.get().check(name.get());
            } catch (SocketPathException e) {
                throw config.invalid(ListenerKeys.PATH, path, e.getMessage());
            }
        }
    }

    /** A sentence about each key that does not count since the socket unit says it. */
    static List<String> ignored(Config config) {
        if (!isMeant(config)) {
            return List.of();
        }
        return DIRECTIVES.entrySet().stream()
                .filter(entry -> !written(config, entry.getKey()).isEmpty())
                .map(entry -> config.source().file() + ": " + entry.getKey() + " = "
                        + ForeignText.escape(written(config, entry.getKey()))
                        + " is ignored: with path = " + ForeignText.escape(written(config, ListenerKeys.PATH.name()))
                        + " the socket unit says it (" + entry.getValue() + ").")
                .toList();
    }

    private static String written(Config config, String key) {
        return config.contents().getOrDefault(key, "").strip();
    }
}
