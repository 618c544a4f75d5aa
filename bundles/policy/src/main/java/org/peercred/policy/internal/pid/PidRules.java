/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
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

    private final PidList list;
    private final boolean descendants;
    private final Otherwise otherwise;
    private final Verdict unlisted;
    private final List<Pinning> numbers;
    private final PinIndex index;

    /** The files as last seen; written by the watching thread alone. */
    private volatile List<PidList.Entry> files;

    /** Files that say nothing any more, seen so once: whoever rewrites one may be in the middle of it. */
    private final Set<Path> doubtful = new HashSet<>();

    private PidRules(
            PidList list, boolean descendants, Otherwise otherwise, List<Pinning> numbers, List<PidList.Entry> files) {
        this.list = list;
        this.descendants = descendants;
        this.otherwise = otherwise;
        String problem = files.stream()
                .flatMap(entry -> entry.problem().stream())
                .findFirst()
                .map(first -> " (" + first + ")")
                .orElse("");
        this.unlisted = otherwise.verdict("the process is not on the list" + problem);
        this.numbers = List.copyOf(numbers);
        this.files = List.copyOf(files);
        this.index = new PinIndex(pinnings().toList());
    }

    static Loading read(Config config, PidList.Kernel kernel) throws ConfigException {
        Problems problems = new Problems();
        Otherwise otherwise = problems.read(config, Otherwise.KEY);
        boolean descendants = problems.read(config, PolicyKind.DESCENDANTS);
        PidList list = problems.collect(() -> PidList.read(config, kernel), null);
        problems.end();
        return () -> {
            List<PidList.Entry> files = new ArrayList<>();
            List<Pinning> numbers = new ArrayList<>();
            try {
                numbers.addAll(list.pinNumbers());
                for (Path path : list.files()) {
                    files.add(list.pinFile(path));
                }
            } catch (UnavailableException e) {
                numbers.forEach(Pinning::close);
                files.forEach(entry -> entry.pinning().close());
                throw new UnavailableException(e.getMessage(), lastGood -> rest(lastGood, list));
            }
            return loaded(new PidRules(list, descendants, otherwise, numbers, files), numbers, files);
        };
    }

    /** What was in force, less what a newer list does not name any more. Holds nothing that the former does not hold. */
    private static Loaded rest(Loaded lastGood, PidList newer) {
        PidRules last = (PidRules) lastGood.rules();
        List<Integer> numbers = new ArrayList<>();
        List<Pinning> pinnings = new ArrayList<>();
        for (int i = 0; i < last.numbers.size(); i++) {
            int number = last.list.numbers().get(i);
            if (newer.numbers().contains(number)) {
                numbers.add(number);
                pinnings.add(last.numbers.get(i));
            }
        }
        List<PidList.Entry> files = last.files.stream()
                .filter(entry -> newer.files().contains(entry.path()))
                .toList();
        List<Path> paths = files.stream().map(PidList.Entry::path).toList();
        PidList list = new PidList(last.list.config(), numbers, paths, last.list.kernel());
        return new Loaded(new PidRules(list, last.descendants, last.otherwise, pinnings, files), List.of());
    }

    private static Loaded loaded(PidRules rules, List<Pinning> numbers, List<PidList.Entry> read) {
        Stream<String> notes = Stream.concat(
                numbers.stream().flatMap(number -> rules.list.note(number).stream()),
                read.stream().flatMap(entry -> rules.list.note(entry).stream()));
        return new Loaded(rules, notes.toList());
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
        return !files.isEmpty();
    }

    @Override
    public Optional<Loaded> refresh() throws UnavailableException {
        List<PidList.Entry> seen = new ArrayList<>();
        List<PidList.Entry> fresh = new ArrayList<>();
        try {
            for (PidList.Entry entry : files) {
                PidList.Entry now = look(entry);
                seen.add(now);
                if (now.pinning() != entry.pinning()) {
                    fresh.add(now);
                }
            }
        } catch (UnavailableException e) {
            fresh.forEach(entry -> entry.pinning().close());
            throw e;
        }
        if (fresh.isEmpty()) {
            files = List.copyOf(seen);
            return Optional.empty();
        }
        return Optional.of(loaded(new PidRules(list, descendants, otherwise, numbers, seen), List.of(), fresh));
    }

    /** The entry as it stands now; with the very same pinning where that has not changed. */
    private PidList.Entry look(PidList.Entry entry) throws UnavailableException {
        if (list.look(entry.path()).equals(entry.file().stamp())) {
            return entry;
        }
        PidList.Entry now = list.pinFile(entry.path());
        boolean lost = now.file().pid().isEmpty() && entry.pinning().process().isPresent();
        if (lost && !now.file().suspicious() && doubtful.add(entry.path())) {
            return entry;
        }
        doubtful.remove(entry.path());
        if (now.pinning().sameAs(entry.pinning())) {
            now.pinning().close();
            return new PidList.Entry(entry.path(), now.file(), entry.pinning());
        }
        return now;
    }

    @Override
    public boolean holds() {
        return pinnings().anyMatch(pinning -> pinning.process().isPresent());
    }

    @Override
    public void close(Optional<Rules> successor) {
        Set<Pinning> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        if (successor.isPresent() && successor.get() instanceof PidRules rules) {
            rules.pinnings().forEach(kept::add);
        }
        pinnings().filter(pinning -> !kept.contains(pinning)).forEach(Pinning::close);
    }

    private Stream<Pinning> pinnings() {
        return Stream.concat(numbers.stream(), files.stream().map(PidList.Entry::pinning));
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof PidRules that)
                || descendants != that.descendants
                || otherwise != that.otherwise
                || !list.numbers().equals(that.list.numbers())
                || !list.files().equals(that.list.files())) {
            return false;
        }
        List<Pinning> mine = pinnings().toList();
        List<Pinning> theirs = that.pinnings().toList();
        for (int i = 0; i < mine.size(); i++) {
            if (!mine.get(i).sameAs(theirs.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return list.numbers().hashCode() + 31 * list.files().hashCode();
    }
}
