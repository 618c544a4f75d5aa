/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The values of a configuration, without what Karaf adds for its own use. */
public final class Values {

    /** The file that a configuration came from, as a URI. */
    public static final String FILE = "felix.fileinstall.filename";

    private static final Set<String> OTHERS = Set.of(
            FILE, "service.pid", "service.factoryPid", "service.bundleLocation", "org.apache.karaf.features.configKey");

    private Values() {}

    public static Map<String, Object> of(Dictionary<String, Object> properties) {
        Map<String, Object> values = new HashMap<>();
        if (properties != null) {
            Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        }
        return values;
    }

    /** Whether both say the same. */
    static boolean same(Map<String, Object> a, Map<String, Object> b) {
        Map<String, Object> left = plain(a);
        Map<String, Object> right = plain(b);
        return left.keySet().equals(right.keySet())
                && left.entrySet().stream()
                        .allMatch(entry -> Objects.deepEquals(entry.getValue(), right.get(entry.getKey())));
    }

    /** The values that an operator wrote. */
    public static Map<String, Object> plain(Map<String, Object> values) {
        Map<String, Object> plain = new HashMap<>(values);
        plain.keySet().removeAll(OTHERS);
        return plain;
    }
}
