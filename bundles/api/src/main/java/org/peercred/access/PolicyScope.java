/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Set;

/**
 * Which requests a policy covers.
 *
 * @param listeners names of listeners, or {@code *} for all
 * @param actions {@code connect}, {@code command:NAME}, {@code command:*} for every command, {@code http:*} for every request to a web
 *     application, or {@code *} for all
 */
public record PolicyScope(Set<String> listeners, Set<String> actions) {

    /** Every request there is. */
    public static final PolicyScope EVERYTHING = new PolicyScope(Set.of("*"), Set.of("*"));

    /** Takes copies. */
    public PolicyScope {
        listeners = Set.copyOf(listeners);
        actions = Set.copyOf(actions);
    }

    /**
     * Whether a request is covered.
     *
     * @param listener the listener's name
     * @param action the action
     * @return true if both are covered
     */
    public boolean covers(String listener, String action) {
        return (listeners.contains("*") || listeners.contains(listener))
                && (actions.contains("*")
                        || actions.contains(action)
                        || (!action.equals(AccessRequest.CONNECT) && actions.contains(all(action))));
    }

    /** What stands for all actions of that sort. */
    private static String all(String action) {
        return action.startsWith(AccessRequest.HTTP) ? AccessRequest.EVERY_HTTP : "command:*";
    }
}
