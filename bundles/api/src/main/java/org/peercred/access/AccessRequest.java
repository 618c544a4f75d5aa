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
 * @param action {@link #CONNECT}, or {@link #command(String)}
 * @param requiredPolicies ids of policies without which nobody is allowed, from the listener's {@code required.policies};
 *     they count for {@link #CONNECT} only
 */
public record AccessRequest(Peer peer, String listener, String action, Set<String> requiredPolicies) {

    /** The action of opening, and of keeping, a connection. */
    public static final String CONNECT = "connect";

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
}
