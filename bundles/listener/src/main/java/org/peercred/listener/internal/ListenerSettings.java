/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;

/**
 * A listener's validated configuration.
 *
 * @param name the listener's name
 * @param path the socket's path, absolute, printable ASCII
 * @param mode permission bits
 * @param owner user name or id for the socket file
 * @param group group name or id for the socket file
 * @param serviceTarget which services it offers
 * @param deniedMessage what a refused client is told
 * @param requiredPolicies ids of policies that must be there
 * @param maxConnections most connections at once
 * @param maxConnectionsPerUid most connections of one user at once
 * @param maxLineLength bytes, without the line end
 * @param idleTimeout zero for none
 * @param writeBuffer bytes of replies that are kept before reading stops
 * @param backlog for listen(2)
 * @param closeOnPeerExit whether a connection ends with its peer
 * @param removeStale whether a dead socket at the path is removed
 */
public record ListenerSettings(
        String name,
        String path,
        int mode,
        Optional<String> owner,
        Optional<String> group,
        Filter serviceTarget,
        String deniedMessage,
        Set<String> requiredPolicies,
        int maxConnections,
        int maxConnectionsPerUid,
        int maxLineLength,
        Duration idleTimeout,
        int writeBuffer,
        int backlog,
        boolean closeOnPeerExit,
        boolean removeStale) {

    /** The factory PID. */
    public static final String PID = "org.peercred.listener";

    /** Every key that is read. */
    public static final Set<String> KEYS = Set.of(
            "name",
            "path",
            "mode",
            "owner",
            "group",
            "service.target",
            "denied.message",
            "required.policies",
            "max.connections",
            "max.connections.per.uid",
            "max.line.length",
            "idle.timeout",
            "write.buffer",
            "backlog",
            "peer.exit",
            "stale");

    /** sizeof(sun_path) less the final zero, see unix(7). */
    private static final int LONGEST_PATH = 107;

    /**
     * Reads and checks a configuration.
     *
     * @param config the raw configuration
     * @return the settings
     * @throws ConfigException with one sentence, if anything cannot be used
     */
    public static ListenerSettings from(Config config) throws ConfigException {
        return new ListenerSettings(
                config.source().name(),
                path(config),
                mode(config),
                Optional.of(config.word("owner", "")).filter(s -> !s.isEmpty()),
                Optional.of(config.word("group", "")).filter(s -> !s.isEmpty()),
                filter(config),
                message(config),
                Set.copyOf(config.list("required.policies", List.of())),
                config.number("max.connections", 10_000, 1, 10_000_000),
                config.number("max.connections.per.uid", 1000, 1, 10_000_000),
                config.size("max.line.length", 65536, 1, 64 << 20),
                config.duration("idle.timeout", Duration.ZERO),
                config.size("write.buffer", 1 << 20, 1, 256 << 20),
                config.number("backlog", 4096, 1, 1 << 20),
                config.oneOf("peer.exit", "keep", List.of("keep", "close")).equals("close"),
                config.oneOf("stale", "remove", List.of("remove", "fail")).equals("remove"));
    }

    private static String path(Config config) throws ConfigException {
        String path = config.word("path", "");
        if (path.isEmpty()) {
            throw config.invalid("path", "", "a listener needs the path of its socket");
        }
        if (!path.startsWith("/")) {
            throw config.invalid("path", path, "it must be absolute");
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) < ' ' || path.charAt(i) > '~') {
                throw config.invalid("path", path, "only printable ASCII characters are possible in a socket's path");
            }
        }
        if (path.endsWith("/") || path.contains("//") || path.contains("/../") || path.endsWith("/..")) {
            throw config.invalid("path", path, "it must be the plain path of a file");
        }
        if (path.length() > LONGEST_PATH) {
            throw config.invalid(
                    "path", path, "it has " + path.length() + " bytes, the kernel takes " + LONGEST_PATH + " at most");
        }
        return path;
    }

    private static int mode(Config config) throws ConfigException {
        String mode = config.word("mode", "0600");
        if (!mode.matches("0?[0-7]{3}")) {
            throw config.invalid("mode", mode, "it must be three octal digits, for instance 0600");
        }
        return Integer.parseInt(mode, 8);
    }

    private static Filter filter(Config config) throws ConfigException {
        String filter = config.word("service.target", "(peercred.service=echo)");
        try {
            return FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException e) {
            throw config.invalid("service.target", filter, "it is no OSGi filter");
        }
    }

    private static String message(Config config) throws ConfigException {
        String message =
                config.text("denied.message").filter(text -> !text.isBlank()).orElse("Unauthorized access");
        if (message.chars().anyMatch(c -> c == '\n' || c == '\r') || message.length() > 1024) {
            throw config.invalid("denied.message", message, "it must be one line of at most 1024 characters");
        }
        return message;
    }
}
