/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.peercred.access.AccessRequest;
import org.peercred.credentials.Peer;
import org.peercred.service.PeerConnection;

/** The commands that can be answered on the event loop, and only there, since they ask what may be asked only there. */
enum BuiltIn {
    /** Lists what the caller may run now. */
    HELP("lists the commands that you may run") {
        @Override
        List<String> answer(PeerConnection connection, Set<String> roles, Map<String, RegisteredCommand> commands) {
            SortedMap<String, String> descriptions = new TreeMap<>();
            commands.forEach((name, command) -> descriptions.put(name, command.description()));
            for (BuiltIn builtIn : values()) {
                descriptions.put(builtIn.command, builtIn.description);
            }
            descriptions.keySet().removeIf(name -> !connection
                    .decide(AccessRequest.command(name))
                    .allowed());
            int width = descriptions.keySet().stream()
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            List<String> lines = new ArrayList<>();
            descriptions.forEach((name, description) ->
                    lines.add((name + " ".repeat(width - name.length() + 2) + description).stripTrailing()));
            return lines;
        }
    },

    /** Says what the kernel says of the caller. */
    WHOAMI("tells what the kernel says of you, and your roles") {
        @Override
        List<String> answer(PeerConnection connection, Set<String> roles, Map<String, RegisteredCommand> commands) {
            Peer peer = connection.peer();
            String groups = peer.groups()
                    .value()
                    .map(gids -> gids.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")))
                    .orElseGet(() -> "unknown: " + peer.groups().absence());
            return List.of(
                    "uid " + peer.uid(),
                    "gid " + peer.gid(),
                    "groups " + groups,
                    "pid "
                            + (peer.pid().isPresent()
                                    ? String.valueOf(peer.pid().getAsInt())
                                    : "unknown: the process lives in a PID namespace that is not visible here"),
                    "label "
                            + peer.securityLabel()
                                    .value()
                                    .orElseGet(() ->
                                            "unknown: " + peer.securityLabel().absence()),
                    "roles " + (roles.isEmpty() ? "none" : String.join(", ", new TreeSet<>(roles))));
        }
    };

    /** What they are called. */
    static final Set<String> NAMES = Set.of(HELP.command, WHOAMI.command);

    private final String command;
    private final String description;

    BuiltIn(String description) {
        this.command = name().toLowerCase(java.util.Locale.ROOT);
        this.description = description;
    }

    /**
     * The command of a name.
     *
     * @param name one of {@link #NAMES}
     */
    static BuiltIn of(String name) {
        return name.equals(HELP.command) ? HELP : WHOAMI;
    }

    /**
     * The reply's lines. Called on the connection's loop.
     *
     * @param connection whose
     * @param roles the peer's
     * @param commands all commands but these
     */
    abstract List<String> answer(PeerConnection connection, Set<String> roles, Map<String, RegisteredCommand> commands);
}
