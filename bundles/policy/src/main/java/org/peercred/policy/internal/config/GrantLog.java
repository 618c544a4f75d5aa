/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.peercred.common.text.ForeignText;

/**
 * What the log says of a configuration's grants: the same of one that comes, changes and goes, so that what was taken away is
 * found where what was given is. For one thread at a time.
 */
public final class GrantLog {

    private final Set<String> silent;
    private Map<String, List<String>> told = Map.of();
    private String where = "";

    /**
     * Starts with nothing told.
     *
     * @param silent keys of which only a change is told, since what is told anyway has them
     */
    public GrantLog(Set<String> silent) {
        this.silent = silent;
    }

    /**
     * Lists of entries as they are written.
     *
     * @param contents a value a key
     * @return a list a key
     */
    public static Map<String, List<String>> lists(Map<String, String> contents) {
        Map<String, List<String>> lists = new TreeMap<>();
        contents.forEach((key, value) -> lists.put(
                key,
                Arrays.stream(value.split(","))
                        .map(String::strip)
                        .filter(entry -> !entry.isEmpty())
                        .toList()));
        return lists;
    }

    /**
     * What is in force now.
     *
     * @param requests which requests it is about
     * @param written the lists that it consists of
     * @return two sentences at most: what there is, and what of it is not as it was told before
     */
    public String inForce(String requests, Map<String, List<String>> written) {
        String changes = where.isEmpty() ? "" : changes(written);
        String sentences = shown(requests, written) + (changes.isEmpty() ? "" : " Changed: " + changes + ".");
        told = written;
        where = requests;
        return sentences;
    }

    private String shown(String requests, Map<String, List<String>> lists) {
        String shown = lists.entrySet().stream()
                .filter(list -> !silent.contains(list.getKey()))
                .map(list -> "; " + list.getKey() + " = "
                        + (list.getValue().isEmpty() ? "(none)" : String.join(", ", list.getValue())))
                .collect(Collectors.joining());
        return ForeignText.escape(requests + shown + ".");
    }

    /**
     * What is not in force any more although nothing has taken its place yet.
     *
     * @param keys the lists of which nothing counts any more but what shall be in force
     * @param written the lists that shall be in force
     * @return one sentence; the empty string if nothing was taken away
     */
    public String takenAway(Predicate<String> keys, Map<String, List<String>> written) {
        Map<String, List<String>> rest = new TreeMap<>(told);
        rest.replaceAll((key, entries) -> keys.test(key) ? common(entries, written.get(key)) : entries);
        String changes = changes(rest);
        String sentence = changes.isEmpty() ? "" : "Changed: " + changes + ".";
        told = rest;
        return sentence;
    }

    /** What was in force until now; the empty string if nothing was. */
    public String gone() {
        String last = where.isEmpty() ? "" : shown(where, told);
        told = Map.of();
        where = "";
        return last;
    }

    private String changes(Map<String, List<String>> written) {
        Set<String> keys = new TreeSet<>(told.keySet());
        keys.addAll(written.keySet());
        List<String> changes = new ArrayList<>();
        for (String key : keys) {
            List<String> before = told.getOrDefault(key, List.of());
            List<String> now = written.getOrDefault(key, List.of());
            String removed = without(before, now);
            String added = without(now, before);
            String parts = (removed.isEmpty() ? "" : " removed " + removed)
                    + (removed.isEmpty() || added.isEmpty() ? "" : ",")
                    + (added.isEmpty() ? "" : " added " + added);
            if (!parts.isEmpty()) {
                changes.add(key + ":" + parts);
            }
        }
        return ForeignText.escape(String.join("; ", changes));
    }

    private static List<String> common(List<String> some, List<String> others) {
        return others == null
                ? List.of()
                : some.stream().filter(others::contains).toList();
    }

    private static String without(List<String> some, List<String> others) {
        return some.stream().filter(entry -> !others.contains(entry)).collect(Collectors.joining(", "));
    }
}
