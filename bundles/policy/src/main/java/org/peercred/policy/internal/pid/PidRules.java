/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.PeerProcess.Ancestor;
import org.peercred.policy.internal.config.Otherwise;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.config.UnavailableException;

/**
 * Allows listed processes, and on request those they started. All were pinned when they were named, so a number that was given
 * to another process meanwhile grants nothing.
 */
final class PidRules implements Rules {

    private static final Verdict LISTED = Verdict.allow("the process is on the list");
    private static final Verdict STARTED = Verdict.allow("a process above the peer is on the list");

    private final Pins pins;
    private final boolean descendants;
    private final Otherwise otherwise;
    private final Verdict unlisted;
    private final PinIndex index;

    private PidRules(Pins pins, boolean descendants, Otherwise otherwise) {
        this.pins = pins;
        this.descendants = descendants;
        this.otherwise = otherwise;
        String problem = pins.problem().map(first -> " (" + first + ")").orElse("");
        this.unlisted = otherwise.verdict("the process is not on the list" + problem);
        this.index = pins.index();
    }

    static Loading read(Config config, PidList.Kernel kernel) throws ConfigException {
        Problems problems = new Problems();
        Otherwise otherwise = problems.read(config, Otherwise.KEY);
        boolean descendants = problems.read(config, PolicyKind.DESCENDANTS);
        PidList list = problems.collect(() -> PidList.read(config, kernel), null);
        problems.end();
        return () -> {
            try {
                return loaded(Pins.of(list), descendants, otherwise);
            } catch (UnavailableException e) {
                throw new UnavailableException(e.getMessage(), lastGood -> rest(lastGood, list));
            }
        };
    }

    /** What was in force, less what a newer list does not name any more. */
    private static Loaded rest(Loaded lastGood, PidList newer) {
        PidRules last = (PidRules) lastGood.rules();
        return loaded(last.pins.rest(newer), last.descendants, last.otherwise);
    }

    private static Loaded loaded(Pins pins, boolean descendants, Otherwise otherwise) {
        return new Loaded(new PidRules(pins, descendants, otherwise), pins.notes());
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        OptionalInt pid = request.peer().pid();
        if (pid.isEmpty()) {
            return otherwise.verdict("the peer's process id is not visible in this PID namespace");
        }
        boolean named = index.has(pid.getAsInt());
        if (index.isEmpty() || (!named && !descendants)) {
            return unlisted(pid.getAsInt());
        }
        Fact<PeerProcess> process = request.peer().process();
        if (process.value().isEmpty()) {
            return otherwise.verdict("the peer's process cannot be pinned: " + process.absence());
        }
        if (named
                && process.value().get().pid() == pid.getAsInt()
                && holds(process.value().get())) {
            return LISTED;
        }
        return descendants ? evaluateAncestors(process.value().get(), pid.getAsInt()) : unlisted(pid.getAsInt());
    }

    private boolean holds(PeerProcess process) {
        Optional<Long> startTime = process.startTime().value();
        return startTime.isPresent() && index.holds(process.pid(), startTime.get());
    }

    private Verdict evaluateAncestors(PeerProcess process, int pid) {
        Fact<List<Ancestor>> ancestors = process.ancestors();
        if (ancestors.value().isEmpty()) {
            return otherwise.verdict("the processes above the peer are not known: " + ancestors.absence());
        }
        for (Ancestor ancestor : ancestors.value().get()) {
            if (index.holds(ancestor.pid(), ancestor.startTime())) {
                return STARTED;
            }
        }
        return unlisted(pid);
    }

    private Verdict unlisted(int pid) {
        return index.problem(pid)
                .map(problem -> otherwise.verdict("the process is on the list but was not pinned: " + problem))
                .orElse(unlisted);
    }

    @Override
    public boolean watches() {
        return pins.follows();
    }

    @Override
    public Optional<Loaded> refresh() throws UnavailableException {
        return pins.refresh().map(fresh -> loaded(fresh, descendants, otherwise));
    }

    @Override
    public boolean holds() {
        return !pins.isEmpty();
    }

    @Override
    public void close(Optional<Rules> successor) {
        pins.close(
                successor.isPresent() && successor.get() instanceof PidRules rules
                        ? Optional.of(rules.pins)
                        : Optional.empty());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PidRules that
                && descendants == that.descendants
                && otherwise == that.otherwise
                && pins.equals(that.pins);
    }

    @Override
    public int hashCode() {
        return pins.hashCode();
    }
}
