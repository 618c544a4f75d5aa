/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.listener.internal.socket.UnixAddress;

/** What it means for a listener's configuration that its {@code path} is no file's, but asks for a socket of systemd's or an abstract one. */
final class SpecialPath {

    /** The keys that say how a socket is made, and where a socket unit says it. */
    private static final Map<String, String> DIRECTIVES = new TreeMap<>(Map.of(
            ListenerKeys.MODE.name(), "SocketMode=",
            ListenerKeys.OWNER.name(), "SocketUser=",
            ListenerKeys.GROUP.name(), "SocketGroup=",
            ListenerKeys.BACKLOG.name(), "Backlog=",
            ListenerKeys.LEAVE_STALE.name(), "RemoveOnStop="));

    /** The keys that say what a socket's file is like. */
    private static final Set<String> OF_FILES = new TreeSet<>(Set.of(
            ListenerKeys.MODE.name(),
            ListenerKeys.OWNER.name(),
            ListenerKeys.GROUP.name(),
            ListenerKeys.LEAVE_STALE.name()));

    private SpecialPath() {}

    /** The name that a socket of systemd's has; empty for a path of another kind. */
    static Optional<String> passedName(String path) {
        return path.startsWith(PassedSockets.PREFIX)
                ? Optional.of(path.substring(PassedSockets.PREFIX.length()))
                : Optional.empty();
    }

    /** Whether a configuration asks for a file of its own, be it in a way that can be understood or not. */
    static boolean isFile(Config config) {
        String path = written(config, ListenerKeys.PATH.name());
        return passedName(path).isEmpty() && !path.startsWith(UnixAddress.ABSTRACT);
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
        Optional<String> name = passedName(path);
        if (name.isPresent() && passed.isPresent()) {
            try {
                passed.get().check(name.get());
            } catch (SocketPathException e) {
                throw config.invalid(ListenerKeys.PATH, path, e.getMessage());
            }
        }
    }

    /** A sentence about each key that does not count with such a path. */
    static List<String> ignored(Config config) {
        if (isFile(config)) {
            return List.of();
        }
        return passedName(written(config, ListenerKeys.PATH.name())).isPresent()
                ? ignored(config, DIRECTIVES.keySet(), key -> "the socket unit says it (" + DIRECTIVES.get(key) + ")")
                : ignored(config, OF_FILES, key -> "there is no file, and every local process can connect");
    }

    private static List<String> ignored(Config config, Set<String> keys, UnaryOperator<String> reason) {
        return keys.stream()
                .filter(key -> !written(config, key).isEmpty())
                .map(key -> config.source().file() + ": " + key + " = " + ForeignText.escape(written(config, key))
                        + " is ignored: with path = " + ForeignText.escape(written(config, ListenerKeys.PATH.name()))
                        + " " + reason.apply(key) + ".")
                .toList();
    }

    private static String written(Config config, String key) {
        return config.contents().getOrDefault(key, "").strip();
    }
}
