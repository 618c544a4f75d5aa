/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.NameServiceException;

/**
 * The ids an operator listed: decimal ids, names, ranges such as {@code 2000-2999}. What consists of digits is an id, whatever
 * a name service may call so.
 */
final class IdList {

    /** The key. */
    static final String KEY = "allow";

    private static final Pattern ID = Pattern.compile("\\d+");
    private static final Pattern RANGE = Pattern.compile("(\\d+)\\s*-\\s*(\\d+)");
    private static final Pattern NO_NAME = Pattern.compile("^-|[\\p{Cntrl}\\s:]");

    /** Finds the id of a name. */
    @FunctionalInterface
    interface Lookup {
        OptionalLong id(String name) throws NameServiceException;
    }

    /**
     * What is looked up, in an operator's words.
     *
     * @param what {@code user} or {@code group}
     * @param id {@code uid} or {@code gid}
     * @param lookup asks the name services
     * @param overflow the id that names nobody
     */
    record Directory(String what, String id, Lookup lookup, long overflow) {}

    /**
     * The result.
     *
     * @param ids the ids, without the overflow id
     * @param notes whole sentences for the operator
     */
    record Resolved(IdRanges ids, List<String> notes) {}

    private final Config config;
    private final Directory directory;
    private final List<IdRanges.Range> ranges = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();

    private IdList(Config config, Directory directory) {
        this.config = config;
        this.directory = directory;
    }

    /** Reads the list without asking anybody. */
    static IdList read(Config config, Directory directory) throws ConfigException {
        IdList list = new IdList(config, directory);
        for (String entry : config.list(KEY, List.of())) {
            list.add(entry);
        }
        return list;
    }

    boolean hasNames() {
        return !names.isEmpty();
    }

    /** Asks for the ids of the names; blocks as long as the name services do. */
    Resolved resolve() throws ConfigException, UnavailableException {
        List<IdRanges.Range> all = new ArrayList<>(ranges);
        List<String> sentences = new ArrayList<>(notes);
        for (String name : names) {
            long id = lookUp(name);
            all.add(new IdRanges.Range(id, id));
            warnOfOverflow(name, id, sentences);
        }
        return new Resolved(IdRanges.of(all, directory.overflow()), List.copyOf(sentences));
    }

    private void add(String entry) throws ConfigException {
        Matcher range = RANGE.matcher(entry);
        if (ID.matcher(entry).matches()) {
            long id = number(entry, entry);
            ranges.add(new IdRanges.Range(id, id));
            warnOfOverflow(entry, id, notes);
        } else if (range.matches()) {
            long first = number(range.group(1), entry);
            long last = number(range.group(2), entry);
            if (first > last) {
                throw config.invalid(KEY, entry, "a range goes from the lesser to the greater id");
            }
            ranges.add(new IdRanges.Range(first, last));
        } else if (NO_NAME.matcher(entry).find()) {
            throw config.invalid(KEY, entry, "an id, a " + directory.what() + " name or a range is expected");
        } else {
            names.add(entry);
        }
    }

    private long number(String digits, String entry) throws ConfigException {
        // Twelve digits are too many already; more would not fit a long.
        long number = digits.length() > 12 ? Long.MAX_VALUE : Long.parseLong(digits);
        if (number > IdRanges.MAX) {
            throw config.invalid(KEY, entry, "ids go from 0 to " + IdRanges.MAX);
        }
        return number;
    }

    private long lookUp(String name) throws ConfigException, UnavailableException {
        try {
            OptionalLong id = directory.lookup().id(name);
            if (id.isEmpty() || id.getAsLong() < 0 || id.getAsLong() > IdRanges.MAX) {
                throw config.invalid(KEY, name, "there is no " + directory.what() + " of that name");
            }
            return id.getAsLong();
        } catch (NameServiceException e) {
            String sentence = config.invalid(
                            KEY, name, "the name service does not answer and is asked again until it does")
                    .getMessage();
            throw new UnavailableException(sentence);
        }
    }

    private void warnOfOverflow(String entry, long id, List<String> sentences) {
        if (id == directory.overflow()) {
            sentences.add(config.source().file() + ": " + KEY + " = " + entry + ": " + directory.id() + " " + id
                    + " stands for everyone the kernel cannot name here, and grants nothing.");
        }
    }
}
