/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Filter;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.names.Account;
import org.peercred.listener.internal.socket.PassedSockets;

/**
 * A listener's validated configuration.
 *
 * @param name the listener's name
 * @param path the socket's path, absolute, printable ASCII; or {@code @NAME}, or {@code systemd:NAME}
 * @param mode permission bits
 * @param owner whose the socket file is; empty for the user of this process
 * @param group the socket file's group; empty for that of this process
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
 * @param speaksHttp whether clients expect HTTP where the listener itself has something to say
 * @param removeStale whether a dead socket at the path is removed
 */
public record ListenerSettings(
        String name,
        String path,
        int mode,
        Optional<Account> owner,
        Optional<Account> group,
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
        boolean speaksHttp,
        boolean removeStale) {

    /** The factory PID. */
    public static final String PID = "org.peercred.listener";

    /**
     * Reads and checks a configuration, but for whether systemd handed over what its path asks for.
     *
     * @param config the raw configuration
     * @return the settings
     * @throws ConfigException with one sentence for each value that cannot be used
     */
    public static ListenerSettings from(Config config) throws ConfigException {
        return from(config, Optional.empty());
    }

    /**
     * Reads and checks a configuration.
     *
     * @param config the raw configuration
     * @param passed what systemd handed over; empty to leave open whether it did
     * @return the settings
     * @throws ConfigException with one sentence for each value that cannot be used
     */
    static ListenerSettings from(Config config, Optional<PassedSockets> passed) throws ConfigException {
        Problems problems = new Problems();
        problems.addAll(config.disguised(ListenerKeys.SCHEMA.known()));
        problems.check(() -> SpecialPath.check(config, passed));
        ListenerSettings settings = new ListenerSettings(
                config.source().name(),
                problems.read(config, ListenerKeys.PATH),
                problems.read(config, ListenerKeys.MODE),
                problems.read(config, ListenerKeys.OWNER).filter(account -> SpecialPath.isFile(config)),
                problems.read(config, ListenerKeys.GROUP).filter(account -> SpecialPath.isFile(config)),
                problems.read(config, ListenerKeys.SERVICE_TARGET),
                problems.read(config, ListenerKeys.DENIED_MESSAGE),
                Set.copyOf(problems.read(config, ListenerKeys.REQUIRED_POLICIES)),
                problems.read(config, ListenerKeys.MAX_CONNECTIONS),
                problems.read(config, ListenerKeys.MAX_CONNECTIONS_PER_UID),
                problems.read(config, ListenerKeys.MAX_LINE_LENGTH),
                problems.read(config, ListenerKeys.IDLE_TIMEOUT),
                problems.read(config, ListenerKeys.WRITE_BUFFER),
                problems.read(config, ListenerKeys.BACKLOG),
                problems.read(config, ListenerKeys.CLOSE_ON_PEER_EXIT),
                problems.read(config, ListenerKeys.SPEAKS_HTTP),
                !problems.read(config, ListenerKeys.LEAVE_STALE));
        problems.end();
        return settings;
    }

    /**
     * The name of the socket that it wants of systemd.
     *
     * @return the name; empty if it makes one itself
     */
    Optional<String> passedName() {
        return SpecialPath.passedName(path);
    }

    /**
     * What is to be said of keys that do not count.
     *
     * @param config the raw configuration
     * @return a sentence about each; none about those for which the configuration is rejected
     */
    static List<String> warnings(Config config) {
        return Stream.concat(
                        config.warningsOfVisible(ListenerKeys.SCHEMA.known()).stream(),
                        SpecialPath.ignored(config).stream())
                .toList();
    }
}
