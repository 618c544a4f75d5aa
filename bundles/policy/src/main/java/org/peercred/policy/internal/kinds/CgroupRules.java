/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess;
import org.peercred.policy.internal.config.Otherwise;
import org.peercred.policy.internal.config.Paths;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;

/**
 * Allows processes in listed control groups and below, and in listed systemd units. Each step of the peer's path is looked up:
 * the length of the list does not count.
 *
 * @param paths version 2 paths
 * @param units names of units
 * @param otherwise what is said of others
 * @param unlisted that, ready made
 */
record CgroupRules(Set<String> paths, Set<String> units, Otherwise otherwise, Verdict unlisted) implements Rules {

    private static final Pattern UNIT = Pattern.compile("[\\w:.\\\\@-]+\\.(service|scope|socket|mount|swap)");
    private static final String ROOT = "/";
    private static final Verdict LISTED = Verdict.allow("the control group is on the list");

    CgroupRules(Set<String> paths, Set<String> units, Otherwise otherwise) {
        this(paths, units, otherwise, otherwise.verdict("the control group is not on the list"));
    }

    static Loading read(Config config) throws ConfigException {
        Problems problems = new Problems();
        Otherwise otherwise = problems.read(config, Otherwise.KEY);
        Set<String> paths = new HashSet<>();
        Set<String> units = new HashSet<>();
        for (String entry : problems.read(config, PolicyKind.ALLOW)) {
            if (entry.startsWith(ROOT)) {
                problems.check(() -> paths.add(
                        Paths.absolute(config, PolicyKind.ALLOW, entry, entry).toString()));
            } else if (UNIT.matcher(entry).matches()) {
                units.add(entry);
            } else {
                String expected = entry.equals("*")
                        ? "a list does not know *; for every control group write /"
                        : "an absolute control group path or a unit such as backup.service is expected";
                problems.add(config.invalid(PolicyKind.ALLOW, entry, expected).getMessage());
            }
        }
        problems.end();
        return Loading.done(new CgroupRules(Set.copyOf(paths), Set.copyOf(units), otherwise));
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        Fact<PeerProcess> process = request.peer().process();
        if (process.value().isEmpty()) {
            return otherwise.verdict("the control group is not known: " + process.absence());
        }
        Fact<ControlGroup> group = process.value().get().controlGroup();
        if (group.value().isEmpty()) {
            return otherwise.verdict("the control group is not known: " + group.absence());
        }
        return lists(group.value().get()) ? LISTED : unlisted;
    }

    private boolean lists(ControlGroup group) {
        String path = group.path();
        if (!path.startsWith(ROOT) || path.equals("/..") || path.startsWith("/../")) {
            // Outside the control group namespace of this process: what follows is not what an operator here can name.
            return false;
        }
        if (group.unit().isPresent() && units.contains(group.unit().get())) {
            return true;
        }
        int end = path.length();
        while (end > 1) {
            if (paths.contains(path.substring(0, end))) {
                return true;
            }
            end = path.lastIndexOf('/', end - 1);
        }
        return paths.contains(ROOT);
    }
}
