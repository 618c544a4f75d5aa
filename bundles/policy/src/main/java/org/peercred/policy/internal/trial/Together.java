/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.peercred.access.ConfigurationCheck.Mention;
import org.peercred.access.ConfigurationCheck.Subject;
import org.peercred.common.config.Spelling;
import org.peercred.policy.internal.keeper.Sentences;

/** What is wrong with files of which each would be accepted by itself. Not thread-safe. */
final class Together {

    private record Named(Subject subject, String name) implements Comparable<Named> {
        @Override
        public int compareTo(Named other) {
            int bySubject = subject.compareTo(other.subject);
            return bySubject != 0 ? bySubject : name.compareTo(other.name);
        }
    }

    private record Wanted(String file, Mention mention) {}

    /** For each thing the files that make it, of several for one configuration the first. */
    private final Map<Named, Map<String, String>> makers = new TreeMap<>();

    private final List<Wanted> wanted = new ArrayList<>();

    /**
     * Takes a file in.
     *
     * @param checked what it says
     */
    void add(FileCheck checked) {
        String file = Sentences.path(checked.name().name());
        List<Mention> mentions = checked.check()
                .map(check -> check.mentions(checked.name().pid(), checked.properties()))
                .orElse(List.of());
        for (Mention mention : mentions) {
            if (mention.made()) {
                makers.computeIfAbsent(new Named(mention.subject(), mention.name()), key -> new TreeMap<>())
                        .putIfAbsent(checked.name().wholePid(), file);
            } else {
                wanted.add(new Wanted(file, mention));
            }
        }
    }

    /**
     * What is wrong.
     *
     * @return a sentence for each; what others chose in it is not escaped, but for names of files
     */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        makers.forEach((named, files) -> {
            if (files.size() > 1 && named.subject() != Subject.ROLE) {
                problems.add(twice(named, new ArrayList<>(new TreeSet<>(files.values()))));
            }
        });
        Set<Wanted> told = new LinkedHashSet<>(wanted);
        told.removeIf(one -> makers.containsKey(
                new Named(one.mention().subject(), one.mention().name())));
        told.forEach(one -> problems.add(missing(one)));
        return problems;
    }

    private static String twice(Named named, List<String> files) {
        String last = files.remove(files.size() - 1);
        String others = String.join(" and ", files);
        return switch (named.subject()) {
            case SOCKET ->
                last + ": path = " + named.name() + ": " + others
                        + " has that path as well; only one of them can listen there.";
            case POLICY ->
                last + ": " + others + " makes a policy " + named.name()
                        + " as well; where it is required, all of that id have to be in force.";
            case LISTENER ->
                last + ": " + others + " makes a listener " + named.name() + " as well; no policy can tell them apart.";
            case ROLES, ROLE -> last + ": " + others + " is called " + named.name() + " as well.";
        };
    }

    private String missing(Wanted one) {
        Mention mention = one.mention();
        String why = mention.subject() == Subject.ROLE
                ? "no file here gives anybody that role"
                : "no file here makes that " + mention.subject().name().toLowerCase(Locale.ROOT);
        Set<String> known = new TreeSet<>();
        makers.keySet().stream()
                .filter(named -> named.subject() == mention.subject())
                .forEach(named -> known.add(named.name()));
        return one.file() + ": " + mention.key() + " = " + mention.name() + ": " + why
                + Spelling.nearest(mention.name(), known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(".");
    }
}
