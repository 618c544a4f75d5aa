/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.linux.Ids;
import org.peercred.common.names.Account;
import org.peercred.common.names.AccountKind;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;

/**
 * The ids an operator listed: decimal ids, names, ranges such as {@code 2000-2999}. What consists of digits is an id, whatever
 * a name service may call so.
 */
public final class IdList {

    private static final Pattern RANGE = Pattern.compile("(\\d+)\\s*-\\s*(\\d+)");

    /**
     * What is looked up, in an operator's words.
     *
     * @param kind users or groups
     * @param lookup asks the name services
     * @param overflow the id that names nobody
     */
    public record Directory(AccountKind kind, Names.Lookup lookup, long overflow) {

        /** The users, or the groups, that these know. */
        public static Directory of(AccountKind kind, UserDatabase users, PeerCredentialProvider credentials) {
            return new Directory(kind, name -> kind.id(users, name), kind.overflow(credentials));
        }
    }

    /**
     * The result.
     *
     * @param list the list
     * @param names the ids of the names that are known
     * @param problem what is the matter with the others; empty if all are known
     * @param firm whether the name services said of one that there is no such name
     * @param notes whole sentences for the operator
     */
    public record Resolved(
            IdList list, Map<String, Long> names, Optional<String> problem, boolean firm, List<String> notes) {

        /**
         * The ids.
         *
         * @param before what names stood for, for those that are not known now
         * @return the ids, without the overflow id
         */
        public IdRanges ids(Map<String, Long> before) {
            List<IdRanges.Range> all = new ArrayList<>(list.ranges);
            for (String name : list.names) {
                Long id = names.getOrDefault(name, before.get(name));
                if (id != null) {
                    all.add(new IdRanges.Range(id, id));
                }
            }
            return IdRanges.of(all, list.directory.overflow());
        }
    }

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
    public static IdList read(Config config, Directory directory) throws ConfigException {
        IdList list = new IdList(config, directory);
        Problems problems = new Problems();
        for (String entry : PolicyKind.ALLOW.in(config)) {
            problems.check(() -> list.add(entry));
        }
        problems.end();
        return list;
    }

    public boolean hasNames() {
        return !names.isEmpty();
    }

    /** Asks for the ids of the names; blocks as long as the name services do. */
    public Resolved resolve() {
        Names asked = new Names(config);
        List<String> sentences = new ArrayList<>(notes);
        for (String name : names) {
            asked.ask(PolicyKind.ALLOW.name(), name, name, directory.kind().label(), directory.lookup())
                    .ifPresent(id -> warnOfOverflow(name, id, sentences));
        }
        return new Resolved(this, asked.known(), asked.problem(), asked.firm(), List.copyOf(sentences));
    }

    /** What is known as long as nobody was asked. */
    public Resolved unresolved() {
        return new Resolved(this, Map.of(), Optional.empty(), false, List.of());
    }

    private void add(String entry) throws ConfigException {
        Matcher range = RANGE.matcher(entry);
        if (Ids.isNumber(entry)) {
            long id = number(entry, entry);
            ranges.add(new IdRanges.Range(id, id));
            warnOfOverflow(entry, id, notes);
        } else if (range.matches()) {
            long first = number(range.group(1), entry);
            long last = number(range.group(2), entry);
            if (first > last) {
                throw config.invalid(PolicyKind.ALLOW, entry, "a range goes from the lesser to the greater id");
            }
            ranges.add(new IdRanges.Range(first, last));
        } else if (entry.equals("*")) {
            String everyone = "for every " + directory.kind().label() + " write the range 0-" + Ids.MAX;
            throw config.invalid(PolicyKind.ALLOW, entry, "a list does not know *; " + everyone);
        } else if (Ids.isNumber(entry.replace(" ", "")) || !Account.canBeName(entry)) {
            throw config.invalid(
                    PolicyKind.ALLOW, entry, "an id, a " + directory.kind().label() + " name or a range is expected");
        } else {
            names.add(entry);
        }
    }

    private long number(String digits, String entry) throws ConfigException {
        return Ids.parse(digits).orElseThrow(() -> config.invalid(PolicyKind.ALLOW, entry, Ids.RANGE));
    }

    private void warnOfOverflow(String entry, long id, List<String> sentences) {
        if (id == directory.overflow()) {
            sentences.add(config.source().file() + ": " + PolicyKind.ALLOW + " = " + entry + ": "
                    + directory.kind().idLabel() + " " + id
                    + " stands for everyone the kernel cannot name here, and grants nothing.");
        }
    }
}
