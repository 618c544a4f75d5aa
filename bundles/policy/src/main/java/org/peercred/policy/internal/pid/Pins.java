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
import java.util.Set;
import java.util.stream.Stream;
import org.peercred.policy.internal.config.UnavailableException;

/**
 * What is pinned of a list: the processes named by number, once and for all, and those that pid files name, which are followed. Two
 * are equal if they hold the same processes of the same list.
 */
final class Pins {

    private final PidList list;
    private final List<Pinning> numbers;
    private final List<String> notes;

    /** The files as last seen; written by the watching thread alone. */
    private volatile List<PidList.Entry> files;

    /** Files that say nothing any more, seen so once: whoever rewrites one may be in the middle of it. */
    private final Set<Path> doubtful = new HashSet<>();

    private Pins(PidList list, List<Pinning> numbers, List<PidList.Entry> files, List<String> notes) {
        this.list = list;
        this.numbers = List.copyOf(numbers);
        this.files = List.copyOf(files);
        this.notes = notes;
    }

    /**
     * Pins everything on a list.
     *
     * @throws UnavailableException if the kernel does not answer now; then nothing is pinned
     */
    static Pins of(PidList list) throws UnavailableException {
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
            throw e;
        }
        Stream<String> aboutNumbers = numbers.stream().flatMap(number -> list.note(number).stream());
        return new Pins(
                list,
                numbers,
                files,
                Stream.concat(aboutNumbers, notes(list, files)).toList());
    }

    private static Stream<String> notes(PidList list, List<PidList.Entry> files) {
        return files.stream().flatMap(entry -> list.note(entry).stream());
    }

    /** These less what a newer list does not name any more. Holds nothing that these do not hold. */
    Pins rest(PidList newer) {
        List<Integer> keptNumbers = new ArrayList<>();
        List<Pinning> pinnings = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            int number = list.numbers().get(i);
            if (newer.numbers().contains(number)) {
                keptNumbers.add(number);
                pinnings.add(numbers.get(i));
            }
        }
        List<PidList.Entry> keptFiles = files.stream()
                .filter(entry -> newer.files().contains(entry.path()))
                .toList();
        List<Path> paths = keptFiles.stream().map(PidList.Entry::path).toList();
        PidList kept = new PidList(list.config(), keptNumbers, paths, list.kernel());
        return new Pins(kept, pinnings, keptFiles, List.of());
    }

    /**
     * Looks at the pid files again.
     *
     * @return what is pinned from now on; empty if that is the same as before
     * @throws UnavailableException if the kernel does not answer now; then nothing has changed
     */
    Optional<Pins> refresh() throws UnavailableException {
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
        return Optional.of(new Pins(list, numbers, seen, notes(list, fresh).toList()));
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

    /** What the operator should know of what was pinned anew, whole sentences. */
    List<String> notes() {
        return notes;
    }

    /** What is wrong with a pid file, half a sentence; empty if nothing is wrong with any. */
    Optional<String> problem() {
        return files.stream().flatMap(entry -> entry.problem().stream()).findFirst();
    }

    /** The processes, as they are looked for. */
    PinIndex index() {
        return new PinIndex(all().toList());
    }

    /** Whether there are pid files to follow. */
    boolean follows() {
        return !files.isEmpty();
    }

    /** Whether no process is held. */
    boolean isEmpty() {
        return all().noneMatch(pinning -> pinning.process().isPresent());
    }

    /** Lets go of every process that others do not hold by the same pinning. */
    void close(Optional<Pins> others) {
        Set<Pinning> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        others.ifPresent(pins -> pins.all().forEach(kept::add));
        all().filter(pinning -> !kept.contains(pinning)).forEach(Pinning::close);
    }

    private Stream<Pinning> all() {
        return Stream.concat(numbers.stream(), files.stream().map(PidList.Entry::pinning));
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Pins that)
                || !list.numbers().equals(that.list.numbers())
                || !list.files().equals(that.list.files())) {
            return false;
        }
        List<Pinning> mine = all().toList();
        List<Pinning> theirs = that.all().toList();
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
