/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Problems;
import org.peercred.common.config.UnusableValueException;

/** Reads which requests a policy covers. */
public final class Scopes {

    private static final String ALL = "*";
    private static final String COMMAND = AccessRequest.command("");

    /** Names of listeners. */
    public static final Key<List<String>> LISTENERS =
            Keys.list("listeners", ALL).as(list -> some(list, "name at least one listener, or * for all"));

    /** Actions. */
    public static final Key<List<String>> ACTIONS = Keys.each(
            Keys.list("actions", AccessRequest.CONNECT)
                    .as(list -> some(list, "name at least one action, or * for all")),
            Scopes::action);

    private Scopes() {}

    /**
     * Reads the scope.
     *
     * @param config the configuration
     * @return the scope; every listener and the action connect where nothing else is said
     * @throws ConfigException if a list is empty, so that the policy would never be asked, or an action is none
     */
    public static PolicyScope read(Config config) throws ConfigException {
        Problems problems = new Problems();
        Set<String> listeners = Set.copyOf(problems.read(config, LISTENERS));
        Set<String> actions = Set.copyOf(problems.read(config, ACTIONS));
        problems.end();
        return new PolicyScope(listeners, actions);
    }

    private static List<String> some(List<String> list, String otherwise) throws UnusableValueException {
        if (list.isEmpty()) {
            throw new UnusableValueException(otherwise);
        }
        return list;
    }

    private static String action(String action) throws UnusableValueException {
        boolean command = action.startsWith(COMMAND) && action.length() > COMMAND.length();
        if (!command && !action.equals(AccessRequest.CONNECT) && !action.equals(ALL)) {
            throw new UnusableValueException("it must be connect, command:NAME, command:* or *");
        }
        return action;
    }

    /**
     * Reads which listeners a policy covers.
     *
     * @param config the configuration
     * @return their names; {@code *} where nothing else is said
     * @throws ConfigException if the list is empty
     */
    public static Set<String> listeners(Config config) throws ConfigException {
        return Set.copyOf(LISTENERS.in(config));
    }

    /** Whether a list of listeners, in which {@code *} is all, has one in it. */
    public static boolean covers(Set<String> listeners, String listener) {
        return listeners.contains(ALL) || listeners.contains(listener);
    }

    /** The listeners that are in both lists. */
    public static Set<String> common(Set<String> some, Set<String> others) {
        if (some.contains(ALL)) {
            return others;
        }
        return others.contains(ALL)
                ? some
                : some.stream().filter(others::contains).collect(Collectors.toUnmodifiableSet());
    }
}
