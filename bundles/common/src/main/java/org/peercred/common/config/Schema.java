/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of one kind of configuration. Belongs to the class whose constants they are, and is complete, and may be used by any
 * thread, once that class is initialized.
 */
public final class Schema {

    private final List<Key<?>> keys = new ArrayList<>();
    private final Set<String> names = new TreeSet<>();
    private final Set<String> known = new TreeSet<>();

    /**
     * Starts with no key.
     *
     * @param properties what the component itself has among its properties, by name: it arrives with the configuration, and is no
     *     key
     */
    public Schema(String... properties) {
        known.addAll(List.of(properties));
    }

    /**
     * Adds a key.
     *
     * @param key the key
     * @return the key, to be a constant
     * @throws IllegalArgumentException if one of that name is there already
     */
    public <T> Key<T> add(Key<T> key) {
        if (!names.add(key.name())) {
            throw new IllegalArgumentException(key.name() + " is there twice");
        }
        known.add(key.name());
        keys.add(key);
        return key;
    }

    /**
     * The keys.
     *
     * @return in the order in which they were added
     */
    public List<Key<?>> keys() {
        return Collections.unmodifiableList(keys);
    }

    /**
     * The keys' names.
     *
     * @return sorted
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    /**
     * The names of all that is expected in a configuration: of the keys, and of the component's own properties.
     *
     * @return sorted
     */
    public Set<String> known() {
        return Collections.unmodifiableSet(known);
    }
}
