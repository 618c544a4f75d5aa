/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;

/**
 * A kind of policy as operators know it.
 *
 * @param name the first part of its policies' ids, for instance {@code uid}
 * @param pid the PID of its configurations
 * @param many whether there can be several, each with a name
 * @param keys the keys of its own
 */
record Kind(String name, String pid, boolean many, Set<String> keys) {

    private static final Set<String> COMMON_KEYS = Set.of(Scopes.LISTENERS, Scopes.ACTIONS);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._@+-]{1,100}");
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^\\p{L}\\p{N}._@+-]");

    Kind {
        Set<String> all = new TreeSet<>(keys);
        all.addAll(COMMON_KEYS);
        if (many) {
            all.add("name");
        }
        keys = Set.copyOf(all);
    }

    static Kind single(String name) {
        return new Kind(name, "org.peercred.policy." + name, false, Set.of());
    }

    static Kind several(String name, String... keys) {
        return new Kind(name, "org.peercred.policy." + name, true, Set.of(keys));
    }

    /** The id of a policy; printable, whatever the name. */
    String id(ConfigSource source) {
        return many && !source.name().isEmpty()
                ? name + "~" + NOT_IN_NAMES.matcher(source.name()).replaceAll("_")
                : name;
    }

    /** Refuses a name that could not be told apart in a list or a log. */
    void checkName(Config config) throws ConfigException {
        String given = config.source().name();
        if (many && !given.isEmpty() && !NAME.matcher(given).matches()) {
            throw config.invalid("name", given, "at most 100 letters, digits and . _ @ + - are expected");
        }
    }
}
