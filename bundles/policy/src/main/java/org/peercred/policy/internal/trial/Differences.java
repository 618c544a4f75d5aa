/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.peercred.access.Proposal.Change;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigSource;
import org.peercred.policy.internal.keeper.FileName;
import org.peercred.policy.internal.keeper.Values;

/**
 * In what a configuration differs from the one in force.
 *
 * @param pid the PID of the one in force; that which the new one would have, if there is none
 * @param before the one in force; empty if there is none
 * @param keys all keys, of the one and of the other
 * @param changes by key
 */
record Differences(String pid, Map<String, Object> before, Set<String> keys, List<Change> changes) {

    private static final String OURS = "(service.pid=org.peercred*)";

    /**
     * Compares.
     *
     * @param name the file's name
     * @param after what it says
     * @param admin knows what is in force
     * @throws IOException if it does not tell
     */
    static Differences of(FileName name, Map<String, Object> after, ConfigurationAdmin admin) throws IOException {
        Optional<Map<String, Object>> before = inForce(name, admin);
        String pid =
                before.map(values -> String.valueOf(values.get("service.pid"))).orElse(name.wholePid());
        SortedMap<String, String> old = contents(before.orElse(Map.of()));
        SortedMap<String, String> fresh = contents(after);
        TreeSet<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(fresh.keySet());
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            Change change = new Change(key, Optional.ofNullable(old.get(key)), Optional.ofNullable(fresh.get(key)));
            if (!change.before().equals(change.after())) {
                changes.add(change);
            }
        }
        return new Differences(pid, before.orElse(Map.of()), keys, List.copyOf(changes));
    }

    /** The keys that would be others, to be kept by the caller. */
    TreeSet<String> changedKeys() {
        return changes.stream().map(Change::key).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The configuration of a file of this name, else the one with its PID. */
    private static Optional<Map<String, Object>> inForce(FileName name, ConfigurationAdmin admin) throws IOException {
        Optional<Map<String, Object>> samePid = Optional.empty();
        try {
            Configuration[] found = admin.listConfigurations(OURS);
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                Map<String, Object> values = Values.of(configuration.getProperties());
                boolean sameFile = ConfigSource.path(values)
                        .filter(path -> path.getFileName() != null
                                && path.getFileName().toString().equals(name.name()))
                        .isPresent();
                if (sameFile) {
                    return Optional.of(values);
                }
                if (configuration.getPid().equals(name.wholePid())) {
                    samePid = Optional.of(values);
                }
            }
            return samePid;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<String, String> contents(Map<String, Object> values) {
        Map<String, Object> plain = Values.plain(values);
        return new TreeMap<>(new Config(plain, ConfigSource.of(plain, "")).contents());
    }
}
