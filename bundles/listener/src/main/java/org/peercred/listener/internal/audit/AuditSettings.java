/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.peercred.access.AuditEvent;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Schema;
import org.peercred.common.config.Spelling;
import org.peercred.common.config.UnusableValueException;
import org.peercred.listener.internal.audit.file.FileSettings;

/**
 * What a configuration says of the audit.
 *
 * @param file where it is written
 * @param json whether as JSON
 * @param events what is written; {@link AuditEvent.Type#LOST} always is
 * @param sizePerUid what the lines of one user may take in a minute, in bytes; 0 for no bound
 */
public record AuditSettings(FileSettings file, boolean json, Set<AuditEvent.Type> events, int sizePerUid) {

    /** The keys that are read. */
    public static final Schema SCHEMA = new Schema();

    private static final long LEAST_SIZE = 64 << 10;
    private static final long MOST_SIZE = 1 << 30;
    private static final String ALL = "*";

    /** What is written unless configured. */
    static final Set<AuditEvent.Type> EVENTS = Set.copyOf(EnumSet.of(
            AuditEvent.Type.ALLOWED,
            AuditEvent.Type.DENIED,
            AuditEvent.Type.REVOKED,
            AuditEvent.Type.LIMITED,
            AuditEvent.Type.CLOSED,
            AuditEvent.Type.COMMAND));

    private static final Key<String> FILE = SCHEMA.add(Keys.text("file", "data/log/audit.log"));
    private static final Key<Boolean> JSON = SCHEMA.add(Keys.choice("format", "text", "json"));
    private static final Key<Integer> SIZE = SCHEMA.add(
            Keys.sizeOrZero("size", "16 MiB", "never", LEAST_SIZE, MOST_SIZE).as(Math::toIntExact));
    private static final Key<Integer> FILES = SCHEMA.add(Keys.number("files", 20, 1, 1000));
    private static final Key<Boolean> PAUSES = SCHEMA.add(Keys.choice("on.failure", "continue", "pause"));
    private static final Key<Set<AuditEvent.Type>> WRITTEN =
            SCHEMA.add(Keys.each(Keys.completeList("events", labels(EVENTS)), AuditSettings::types)
                    .as(AuditSettings::union));
    private static final Key<Integer> SIZE_PER_UID = SCHEMA.add(
            Keys.sizeOrZero("size.per.uid", "4 MiB", "no bound", 1, MOST_SIZE).as(Math::toIntExact));

    /**
     * Reads them.
     *
     * @param config a configuration, perhaps an empty one
     * @return settings that can be worked with
     * @throws ConfigException with a sentence about each value that cannot be used
     */
    public static AuditSettings from(Config config) throws ConfigException {
        Problems problems = new Problems();
        Path path = problems.read(config, FILE.as(AuditSettings::path));
        AuditSettings settings = read(config, problems, path);
        problems.end();
        return settings;
    }

    /**
     * What counts where nothing is said. Does not look whether the file can be written: who does not let it be shall not have
     * switched off the audit by it, and it is written to as soon as that can be.
     *
     * @return the defaults
     */
    public static AuditSettings defaults() {
        Config nothing = new Config(Map.of(), ConfigSource.of(Map.of(), ""));
        return read(nothing, new Problems(), AuditPath.of(FILE.initial(), System::getProperty));
    }

    private static AuditSettings read(Config config, Problems problems, Path path) {
        FileSettings file = new FileSettings(
                path, problems.read(config, SIZE), problems.read(config, FILES), problems.read(config, PAUSES));
        return new AuditSettings(
                file, problems.read(config, JSON), problems.read(config, WRITTEN), problems.read(config, SIZE_PER_UID));
    }

    private static Path path(String named) throws UnusableValueException {
        try {
            Path path = AuditPath.of(named, System::getProperty);
            if (Files.isDirectory(path)) {
                throw new UnusableValueException(path + " is a directory");
            }
            if (Files.isSymbolicLink(path)) {
                throw new UnusableValueException(path + " is a symbolic link, which is not followed");
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path)) {
                throw new UnusableValueException(path + " is no regular file");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new UnusableValueException("it is no path: " + e.getReason());
        }
    }

    private static Set<AuditEvent.Type> types(String word) throws UnusableValueException {
        return word.equals(ALL)
                ? EnumSet.allOf(AuditEvent.Type.class)
                : EnumSet.of(type(word).orElseThrow(() -> new UnusableValueException(unknown(word))));
    }

    private static Set<AuditEvent.Type> union(List<Set<AuditEvent.Type>> some) {
        Set<AuditEvent.Type> all = EnumSet.noneOf(AuditEvent.Type.class);
        some.forEach(all::addAll);
        return Set.copyOf(all);
    }

    private static String[] labels(Set<AuditEvent.Type> types) {
        return types.stream().sorted().map(AuditEvent.Type::label).toArray(String[]::new);
    }

    private static Optional<AuditEvent.Type> type(String word) {
        return Arrays.stream(AuditEvent.Type.values())
                .filter(type -> type.label().equals(word))
                .findFirst();
    }

    private static String unknown(String word) {
        Set<String> known = Arrays.stream(AuditEvent.Type.values())
                .map(AuditEvent.Type::label)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return "there is no such event"
                + Spelling.nearest(word, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; there are " + String.join(", ", known) + ", and * for all");
    }
}
