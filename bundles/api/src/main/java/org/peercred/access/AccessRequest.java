/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;
import java.util.Set;
import org.peercred.credentials.Peer;

/**
 * What is asked: may this peer do this, on this listener?
 *
 * @param peer who asks
 * @param listener the listener's name
 * @param action {@link #CONNECT}, {@link #command(String)} or {@link #http(String, String)}
 * @param requiredPolicies ids of policies without which nobody is allowed, from the listener's {@code required.policies};
 *     they count for {@link #CONNECT} only
 */
public record AccessRequest(Peer peer, String listener, String action, Set<String> requiredPolicies) {

    /** The action of opening, and of keeping, a connection. */
    public static final String CONNECT = "connect";

    /** What the action of every request to a web application begins with. */
    public static final String HTTP = "http:";

    /** In a {@link PolicyScope}: every request to a web application. */
    public static final String EVERY_HTTP = HTTP + "*";

    private static final String COMMAND_PREFIX = "command:";

    /** Checks that nothing is null. */
    public AccessRequest {
        Objects.requireNonNull(peer);
        Objects.requireNonNull(listener);
        Objects.requireNonNull(action);
        Objects.requireNonNull(requiredPolicies);
    }

    /**
     * The action of running a command. A command named {@code connect} is another action than {@link #CONNECT}.
     *
     * @param name the command's name
     * @return {@code command:NAME}
     */
    public static String command(String name) {
        return COMMAND_PREFIX + name;
    }

    /**
     * The action of requesting something of a web application.
     *
     * @param method the method, for instance {@code GET}; without blanks
     * @param path the path, decoded and normalised, without the query; begins with a slash
     * @return {@code http:METHOD PATH}
     */
    public static String http(String method, String path) {
        return HTTP + method + ' ' + path;
    }
}
