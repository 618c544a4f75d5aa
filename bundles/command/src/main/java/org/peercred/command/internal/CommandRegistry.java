/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.peercred.service.PeerCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that are there. Of several with one name the greatest counts. Safe to be used by any thread; a look at the
 * commands reads one volatile field.
 *
 * @param <K> tells one publication from another, and which is greater: a service reference
 */
final class CommandRegistry<K extends Comparable<? super K>> {

    private static final Logger LOG = LoggerFactory.getLogger(CommandRegistry.class);

    private final Map<K, RegisteredCommand> published = new HashMap<>();
    private final Set<String> contested = new HashSet<>();
    private volatile SortedMap<String, RegisteredCommand> commands = Collections.emptySortedMap();

    void add(K key, PeerCommand command) {
        Optional<RegisteredCommand> registered = RegisteredCommand.of(command);
        synchronized (published) {
            registered.ifPresent(usable -> published.put(key, usable));
            arrange();
        }
    }

    /** A publication is greater or less than before. */
    void changed() {
        synchronized (published) {
            arrange();
        }
    }

    void remove(K key) {
        synchronized (published) {
            published.remove(key);
            arrange();
        }
    }

    /** The commands by name. Unmodifiable. */
    SortedMap<String, RegisteredCommand> commands() {
        return commands;
    }

    private void arrange() {
        SortedMap<String, RegisteredCommand> arranged = new TreeMap<>();
        Set<String> twice = new HashSet<>();
        List<K> keys = new ArrayList<>(published.keySet());
        Collections.sort(keys);
        for (K key : keys) {
            RegisteredCommand command = published.get(key);
            if (arranged.put(command.name(), command) != null) {
                twice.add(command.name());
            }
        }
        commands = Collections.unmodifiableSortedMap(arranged);
        for (String name : twice) {
            if (!contested.contains(name)) {
                LOG.warn(
                        "Several commands are called {}: {} counts, having the highest service ranking.",
                        name,
                        arranged.get(name).command().getClass().getName());
            }
        }
        contested.clear();
        contested.addAll(twice);
    }
}
