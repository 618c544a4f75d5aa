/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.Configuration.ConfigurationAttribute;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ReadOnlyConfigurationException;

/** Config Admin as far as a keeper uses it, in memory. */
final class MemoryConfigurations {

    /** What a method answers. */
    @FunctionalInterface
    private interface Answer {
        Object to(Object[] arguments) throws Exception;
    }

    private final class Stored {
        private final String pid;
        private final String factoryPid;
        private final Set<ConfigurationAttribute> attributes = EnumSet.noneOf(ConfigurationAttribute.class);
        private Map<String, Object> values;

        Stored(String pid, String factoryPid) {
            this.pid = pid;
            this.factoryPid = factoryPid;
        }

        private Dictionary<String, Object> properties() {
            if (values == null) {
                return null;
            }
            Map<String, Object> all = new HashMap<>(values);
            all.put("service.pid", pid);
            if (factoryPid != null) {
                all.put("service.factoryPid", factoryPid);
            }
            return FrameworkUtil.asDictionary(all);
        }

        private Object update(Object[] arguments) throws IOException {
            checkNotReadOnly();
            checkNotFull();
            @SuppressWarnings("unchecked")
            Dictionary<String, Object> given = (Dictionary<String, Object>) arguments[0];
            values = Values.of(given);
            updates++;
            return true;
        }

        private Object delete() throws IOException {
            checkNotReadOnly();
            checkNotFull();
            stored.remove(pid);
            return null;
        }

        private void checkNotReadOnly() {
            if (attributes.contains(ConfigurationAttribute.READ_ONLY)) {
                throw new ReadOnlyConfigurationException("read only");
            }
        }

        private Configuration configuration() {
            return proxy(
                    Configuration.class,
                    Map.of(
                            "getPid", arguments -> pid,
                            "getProperties", arguments -> properties(),
                            "updateIfDifferent", this::update,
                            "delete", arguments -> delete(),
                            "getAttributes", arguments -> Set.copyOf(attributes),
                            "addAttributes", arguments -> attributes.add(ConfigurationAttribute.READ_ONLY),
                            "removeAttributes", arguments -> attributes.remove(ConfigurationAttribute.READ_ONLY)));
        }
    }

    private final Map<String, Stored> stored = new TreeMap<>();

    /** How often something was changed. */
    int updates;

    /** Whether nothing can be written. */
    boolean full;

    /** Whether nothing can be asked. */
    boolean broken;

    private void checkNotFull() throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
    }

    /** Makes or changes one, as somebody else does. */
    void put(String pid, Map<String, Object> values) {
        int tilde = pid.indexOf('~');
        stored.computeIfAbsent(pid, key -> new Stored(key, tilde < 0 ? null : pid.substring(0, tilde))).values =
                new HashMap<>(values);
    }

    /** As on the console. */
    void remove(String pid) {
        stored.remove(pid);
    }

    void markReadOnly(String pid) {
        stored.get(pid).attributes.add(ConfigurationAttribute.READ_ONLY);
    }

    boolean isReadOnly(String pid) {
        return stored.get(pid).attributes.contains(ConfigurationAttribute.READ_ONLY);
    }

    Set<String> pids() {
        return Set.copyOf(stored.keySet());
    }

    /** What a configuration says, without what others added. */
    Map<String, Object> values(String pid) {
        return Values.plain(stored.get(pid).values);
    }

    Object file(String pid) {
        return stored.get(pid).values.get(Values.FILE);
    }

    ConfigurationAdmin admin() {
        return proxy(
                ConfigurationAdmin.class,
                Map.of(
                        "listConfigurations", arguments -> list((String) arguments[0]),
                        "getConfiguration", arguments -> get((String) arguments[0], null),
                        "getFactoryConfiguration",
                                arguments -> get(arguments[0] + "~" + arguments[1], (String) arguments[0])));
    }

    private Object list(String filter) throws Exception {
        if (broken) {
            throw new IOException("broken");
        }
        Filter wanted = FrameworkUtil.createFilter(filter);
        Configuration[] found = stored.values().stream()
                .filter(one -> one.values != null && wanted.match(one.properties()))
                .map(Stored::configuration)
                .toArray(Configuration[]::new);
        return found.length == 0 ? null : found;
    }

    private Object get(String pid, String factoryPid) throws IOException {
        checkNotFull();
        return stored.computeIfAbsent(pid, key -> new Stored(key, factoryPid)).configuration();
    }

    private static <T> T proxy(Class<T> type, Map<String, Answer> answers) {
        return type.cast(Proxy.newProxyInstance(
                MemoryConfigurations.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.get(method.getName()).to(arguments)));
    }
}
