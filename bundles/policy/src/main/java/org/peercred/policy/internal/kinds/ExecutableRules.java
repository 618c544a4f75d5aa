/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.text.ForeignText;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess;
import org.peercred.policy.internal.config.Paths;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;

/**
 * Refuses every program but those on a list. A process can execute another program at any time, so what it executes never
 * grants anything.
 *
 * @param only absolute paths, as the kernel shows them
 */
record ExecutableRules(Set<Path> only) implements Rules {

    private static final String DELETED = " (deleted)";
    private static final Verdict LISTED = Verdict.abstain("the program is on the list");

    static Loading read(Config config) throws ConfigException {
        List<String> entries = PolicyKind.ONLY.in(config);
        if (entries.isEmpty()) {
            throw config.invalid(PolicyKind.ONLY, "", "name at least one program by its absolute path");
        }
        Set<Path> only = new TreeSet<>();
        Problems problems = new Problems();
        for (String entry : entries) {
            problems.check(() -> only.add(program(config, entry)));
        }
        problems.end();
        ExecutableRules rules = new ExecutableRules(Set.copyOf(only));
        return () -> new Loaded(rules, links(config, only));
    }

    private static Path program(Config config, String entry) throws ConfigException {
        if (entry.endsWith(DELETED)) {
            throw config.invalid(PolicyKind.ONLY, entry, "this is how the kernel marks a program whose file is gone");
        }
        if (entry.equals("*")) {
            throw config.invalid(
                    PolicyKind.ONLY, entry, "a list does not know *; to refuse no program, delete this policy");
        }
        return Paths.absolute(config, PolicyKind.ONLY, entry, entry);
    }

    /** The kernel shows where a link leads, never the link: to name one refuses everybody, so say it. */
    private static List<String> links(Config config, Set<Path> only) {
        List<String> notes = new ArrayList<>();
        for (Path path : only) {
            try {
                Path real = path.toRealPath();
                if (!real.equals(path)) {
                    notes.add(config.source().file() + ": " + PolicyKind.ONLY + " = " + path + ": this leads to "
                            + ForeignText.escape(real.toString()) + ", which is what the kernel shows and compares.");
                }
            } catch (IOException e) {
                // A program that is not there yet may come later.
            }
        }
        return notes;
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        Fact<PeerProcess> process = request.peer().process();
        if (process.value().isEmpty()) {
            return Verdict.deny("the program cannot be read: " + process.absence());
        }
        Fact<Path> executable = process.value().get().executable();
        if (executable.value().isEmpty()) {
            return Verdict.deny("the program cannot be read: " + executable.absence());
        }
        Path program = executable.value().get();
        return only.contains(program)
                ? LISTED
                : Verdict.deny("the program " + ForeignText.replace(program.toString()) + " is not on the list");
    }
}
