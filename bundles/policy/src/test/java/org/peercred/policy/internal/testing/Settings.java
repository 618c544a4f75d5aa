/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Configurations as fileinstall delivers them. */
public final class Settings {

    private Settings() {}

    /** The configuration of {@code etc/PID-NAME.cfg}; keys and values in turn. */
    public static Map<String, Object> of(String kind, String name, Object... keysAndValues) {
        String pid = "org.peercred.policy." + kind;
        Map<String, Object> settings = new HashMap<>();
        settings.put("service.pid", name.isEmpty() ? pid : pid + "~" + name);
        settings.put(
                "felix.fileinstall.filename", "file:/nowhere/etc/" + pid + (name.isEmpty() ? "" : "-" + name) + ".cfg");
        return with(settings, keysAndValues);
    }

    /** A configuration that came without a file. */
    public static Map<String, Object> fileless(String kind, String name, Object... keysAndValues) {
        Map<String, Object> settings = of(kind, name, keysAndValues);
        settings.remove("felix.fileinstall.filename");
        return settings;
    }

    public static Map<String, Object> with(Map<String, Object> settings, Object... keysAndValues) {
        Map<String, Object> more = new HashMap<>(settings);
        Object[] pairs = Arrays.copyOf(keysAndValues, keysAndValues.length);
        for (int i = 0; i < pairs.length; i += 2) {
            more.put((String) pairs[i], pairs[i + 1]);
        }
        return more;
    }
}
