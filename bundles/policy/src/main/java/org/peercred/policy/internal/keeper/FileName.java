/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.peercred.access.Finding.Area;
import org.peercred.common.config.Spelling;

/**
 * What the name of a configuration file stands for.
 *
 * @param name the file's name
 * @param pid the PID, or that of the factory
 * @param instance what follows the first {@code -}; empty for a configuration that there is once
 */
public record FileName(String name, String pid, Optional<String> instance) {

    private static final String PREFIX = "org.peercred";
    private static final String POLICY = PREFIX + ".policy.";
    private static final String ROLES = PREFIX + ".roles";
    private static final String LISTENER = PREFIX + ".listener";
    private static final String JSON = "json";

    /** Of which there can be several. */
    private static final Set<String> FACTORIES = Stream.concat(
                    Stream.of(LISTENER, ROLES),
                    Stream.of("uid", "group", "pid", "executable", "cgroup", "command", "http")
                            .map(POLICY::concat))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> SINGLES =
            Set.of(POLICY + "owner", POLICY + "superuser", LISTENER + ".engine", PREFIX + ".echo", PREFIX + ".audit");

    private static final Set<String> KNOWN =
            Stream.concat(FACTORIES.stream(), SINGLES.stream()).collect(Collectors.toUnmodifiableSet());

    private static final Set<String> READ = Set.of("cfg", "config", JSON);

    /** Endings of a file that is meant to count, in contrast to those of copies and of what editors leave behind. */
    private static final Set<String> MEANT = Set.of("conf", "cnf", "ini", "properties", "props", "yaml", "yml", "xml");

    private static final int MOST_SLIPS = 2;
    private static final Pattern SEPARATED = Pattern.compile("[~_.,:+ ]");

    /** Whether a file is a configuration of ours, or was meant to be one. */
    public static boolean isOurs(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return (plain.startsWith(PREFIX) || looksLikeOurs(plain)) && (READ.contains(ending(name)) || isMeant(plain));
    }

    private static boolean isMeant(String plain) {
        return MEANT.contains(ending(plain)) || READ.contains(ending(plain));
    }

    /** A slip in the first two words is a slip, too. */
    private static boolean looksLikeOurs(String plain) {
        if (plain.startsWith("peercred.")) {
            return true;
        }
        String[] words = plain.split("[.]", 3);
        return words.length == 3
                && Spelling.nearest(words[0] + "." + words[1], Set.of(PREFIX)).isPresent()
                && Spelling.nearest(words[1], Set.of("peercred")).isPresent()
                && Math.abs(words[1].length() - "peercred".length()) <= MOST_SLIPS;
    }

    public static FileName of(String name) {
        String stem = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        int dash = stem.indexOf('-');
        return dash > 0
                ? new FileName(name, stem.substring(0, dash), Optional.of(stem.substring(dash + 1)))
                : new FileName(name, stem, Optional.empty());
    }

    /** The PIDs that this bundle's files and those of its companions are for. */
    public static Set<String> known() {
        return KNOWN;
    }

    /** The PID of its configuration. */
    public String wholePid() {
        return instance.map(text -> pid + "~" + text).orElse(pid);
    }

    /** Whether it is in the other format, which is read by another part of Karaf. */
    public boolean isJson() {
        return ending(name).equals(JSON);
    }

    Area area() {
        return area(pid);
    }

    /** What a configuration with this PID, or with this factory's, concerns. */
    public static Area area(String pid) {
        if (pid.startsWith(POLICY)) {
            return Area.POLICY;
        }
        if (pid.startsWith(ROLES)) {
            return Area.ROLES;
        }
        return pid.startsWith(LISTENER) ? Area.LISTENER : Area.OTHER;
    }

    /**
     * What is wrong with the name.
     *
     * @param others whether anybody else reads configurations with this PID
     * @return the name that was meant, or the empty string if that cannot be told; nothing if there is nothing wrong
     */
    public Optional<String> meant(Predicate<String> others) {
        boolean read = known().contains(pid) || others.test(pid);
        if (read && READ.contains(ending(name))) {
            return Optional.empty();
        }
        String stem =
                read ? name.substring(0, name.lastIndexOf('.')) : suggestion().orElse("");
        return Optional.of(stem.isEmpty() ? "" : stem + ".cfg");
    }

    private Optional<String> suggestion() {
        String stem = name.substring(0, name.lastIndexOf('.'));
        List<String> longestFirst = FACTORIES.stream()
                .sorted((a, b) -> Integer.compare(b.length(), a.length()))
                .toList();
        for (String factory : longestFirst) {
            if (stem.startsWith(factory)
                    && stem.length() > factory.length() + 1
                    && SEPARATED
                            .matcher(stem.substring(factory.length(), factory.length() + 1))
                            .matches()) {
                return Optional.of(factory + "-" + stem.substring(factory.length() + 1));
            }
        }
        return Spelling.nearest(pid, known())
                .map(nearest -> nearest + instance.map("-"::concat).orElse(""));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
