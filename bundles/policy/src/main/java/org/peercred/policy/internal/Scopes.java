/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.List;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;

/** Reads which requests a policy covers. */
final class Scopes {

    /** Names of listeners. */
    static final String LISTENERS = "listeners";

    /** Actions. */
    static final String ACTIONS = "actions";

    private static final String ALL = "*";
    private static final String COMMAND = AccessRequest.command("");

    private Scopes() {}

    /**
     * Reads the scope.
     *
     * @param config the configuration
     * @return the scope; every listener and the action connect where nothing else is said
     * @throws ConfigException if a list is empty, so that the policy would never be asked, or an action is none
     */
    static PolicyScope read(Config config) throws ConfigException {
        Set<String> listeners = listeners(config);
        List<String> actions = config.list(ACTIONS, List.of(AccessRequest.CONNECT));
        if (actions.isEmpty()) {
            throw config.invalid(ACTIONS, "", "name at least one action, or * for all");
        }
        for (String action : actions) {
            boolean command = action.startsWith(COMMAND) && action.length() > COMMAND.length();
            if (!command && !action.equals(AccessRequest.CONNECT) && !action.equals(ALL)) {
                throw config.invalid(ACTIONS, action, "it must be connect, command:NAME, command:* or *");
            }
        }
        return new PolicyScope(listeners, Set.copyOf(actions));
    }

    /**
     * Reads which listeners a policy covers.
     *
     * @param config the configuration
     * @return their names; {@code *} where nothing else is said
     * @throws ConfigException if the list is empty
     */
    static Set<String> listeners(Config config) throws ConfigException {
        List<String> listeners = config.list(LISTENERS, List.of(ALL));
        if (listeners.isEmpty()) {
            throw config.invalid(LISTENERS, "", "name at least one listener, or * for all");
        }
        return Set.copyOf(listeners);
    }
}
