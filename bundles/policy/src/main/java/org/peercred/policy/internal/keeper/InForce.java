/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.peercred.common.config.ConfigSource;

/** The configurations of ours that Config Admin has, by the files that they are of. */
final class InForce {

    private static final String OURS = "(service.pid=org.peercred*)";

    /**
     * A configuration.
     *
     * @param configuration to change it by
     * @param pid its PID
     * @param values its values, what Karaf added included
     * @param file the file that it is of, by its own word
     */
    record Entry(Configuration configuration, String pid, Map<String, Object> values, Optional<Path> file) {}

    private final Map<String, List<Entry>> byFile = new HashMap<>();
    private final Map<String, Entry> byPid = new HashMap<>();
    private final List<Entry> all = new ArrayList<>();

    /**
     * Asks for them.
     *
     * @param admin whom to ask
     * @param directories the directory of the files by all its names
     */
    static InForce read(ConfigurationAdmin admin, Set<Path> directories) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations(OURS);
            InForce inForce = new InForce();
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                inForce.add(configuration, directories);
            }
            return inForce;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(Configuration configuration, Set<Path> directories) {
        Map<String, Object> values;
        String pid;
        try {
            values = Values.of(configuration.getProperties());
            pid = configuration.getPid();
        } catch (IllegalStateException e) {
            // Deleted since it was listed.
            return;
        }
        Entry entry = new Entry(configuration, pid, values, ConfigSource.path(values));
        all.add(entry);
        byPid.put(pid, entry);
        entry.file()
                .filter(file -> file.getParent() != null && directories.contains(file.getParent()))
                .ifPresent(file -> byFile.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                        .add(entry));
    }

    /** Those of a file: by their own word, else the one with its PID, unless that one came without a file. */
    List<Entry> of(FileName name) {
        List<Entry> named = byFile.get(name.name());
        if (named != null) {
            return named;
        }
        Entry other = byPid.get(name.wholePid());
        return other == null ? List.of() : List.of(other);
    }

    /** Those whose file is gone. */
    List<Entry> orphans(Set<String> names, Set<Path> directories) {
        Set<String> pids = new HashSet<>();
        names.forEach(name -> pids.add(FileName.of(name).wholePid()));
        return all.stream()
                .filter(entry -> entry.file().isPresent() && !pids.contains(entry.pid()))
                .filter(entry -> isGone(entry.file().get(), names, directories))
                .toList();
    }

    private static boolean isGone(Path file, Set<String> names, Set<Path> directories) {
        boolean here = file.getParent() != null && directories.contains(file.getParent());
        return here ? !names.contains(file.getFileName().toString()) : Files.notExists(file);
    }

    /** Whether there is one with this PID. */
    boolean has(String pid) {
        return byPid.containsKey(pid);
    }
}
