/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What is said of keys that nobody reads, each with the one that was most likely meant.
 *
 * @param file where they are
 * @param known the keys that are read
 * @param keys those that are not, notes aside
 */
record UnreadKeys(String file, Set<String> known, List<String> keys) {

    /** A sentence about each of some of them, where they are ignored. */
    List<String> warnings(Predicate<String> which) {
        return keys.stream()
                .filter(which)
                .map(key -> file + ": unknown key " + Spelling.printable(key) + " is ignored"
                        + Spelling.nearest(key, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("."))
                .toList();
    }

    /** A sentence about each of some of them, where the configuration is rejected for them. */
    List<String> rejections(Predicate<String> which) {
        return keys.stream()
                .filter(which)
                .map(key -> unknown(key)
                        + Spelling.nearest(key, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElseGet(() -> "; the keys are " + String.join(", ", new TreeSet<>(known))
                                        + ", and x-... for your own notes."))
                .toList();
    }

    /** A sentence about each that holds something invisible, or was meant to be a known one, where others are names. */
    List<String> slips() {
        return keys.stream()
                .filter(key -> Spelling.hidesSomething(key) || Spelling.isNearMiss(key, known))
                .map(key -> unknown(key)
                        + "; did you mean "
                        + (Spelling.isNearMiss(key, known)
                                ? Spelling.nearest(key, known).orElseThrow()
                                : Spelling.visible(key))
                        + "?")
                .toList();
    }

    private String unknown(String key) {
        String mark = Spelling.startsWithMark(key)
                ? ": it begins with a byte order mark, which an editor put at the beginning of the file"
                : "";
        return file + ": unknown key " + Spelling.printable(key) + mark;
    }
}
