/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.peercred.access.Finding;
import org.peercred.policy.internal.keeper.InForce.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One comparison of files with configurations: what is not as it should be is set right once it has lasted, and what cannot
 * be is found. Used once, by one thread.
 */
final class Round {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    /** The installation has been moved: no change to who may do what. */
    private static final String MOVED = "has another place than its configuration says";

    private final Home home;
    private final FileReader reader;
    private final Predicate<String> readers;
    private final Set<String> doubtedBefore;
    private final Moment moment;
    private final Optional<Remedy> remedy;
    private final Outcome outcome;

    /**
     * Begins one.
     *
     * @param home where the files are
     * @param reader reads them
     * @param readers whether anybody reads configurations with a PID that is none of ours
     * @param doubtedBefore the PIDs of what did not count as it was until now
     * @param moment when it is
     * @param remedy sets right; empty while that cannot be done
     * @param outcome what comes of it
     */
    Round(
            Home home,
            FileReader reader,
            Predicate<String> readers,
            Set<String> doubtedBefore,
            Moment moment,
            Optional<Remedy> remedy,
            Outcome outcome) {
        this.home = home;
        this.reader = reader;
        this.readers = readers;
        this.doubtedBefore = doubtedBefore;
        this.moment = moment;
        this.remedy = remedy;
        this.outcome = outcome;
    }

    void judge(Watched file, List<FileName> claims, Optional<InForce> inForce) {
        FileName name = file.name();
        Optional<String> meant = name.meant(readers);
        if (meant.isEmpty()) {
            file.foundReader();
        }
        if (name.name().indexOf('\ufffd') >= 0) {
            outcome.find(Sentences.garbled(name));
        } else if (meant.isPresent()) {
            tellUnread(file, Sentences.misnamed(name, meant.get()));
        } else if (claims.size() > 1) {
            String others = claims.stream()
                    .filter(other -> !other.equals(name))
                    .map(other -> Sentences.path(other.name()))
                    .collect(Collectors.joining(", "));
            tellIfSettled(file, Sentences.twofold(name, others));
        } else {
            compare(file, inForce.map(all -> all.of(name)));
        }
    }

    private void tellUnread(Watched file, Finding finding) {
        if (moment.isUnread(file)) {
            tellIfSettled(file, finding);
        } else {
            outcome.await();
        }
    }

    private void tellIfSettled(Watched file, Finding finding) {
        if (moment.isSettled(file)) {
            outcome.find(finding);
        } else {
            outcome.await();
        }
    }

    private void compare(Watched file, Optional<List<Entry>> entries) {
        if (!file.name().isJson()) {
            file.read(reader, home.file(file.name()), moment.now());
            if (!file.isSure() && file.unreadable().isEmpty()) {
                outcome.await();
            }
        }
        if (file.unreadable().isPresent()) {
            doubt(file, file.unreadable().get(), entries.orElse(List.of()));
        } else if (entries.isPresent()) {
            compare(file, entries.get());
        }
    }

    /** What is being written may be unreadable for a moment; what was unreadable before stays so meanwhile. */
    private void doubt(Watched file, String why, List<Entry> entries) {
        Finding finding = Sentences.unreadable(file.name(), why, file.verified());
        Set<String> pids = entries.isEmpty()
                ? Set.of(file.name().wholePid())
                : entries.stream().map(Entry::pid).collect(Collectors.toSet());
        boolean before = pids.stream().anyMatch(doubtedBefore::contains);
        if (moment.isSettled(file) || before || !moment.started()) {
            outcome.find(finding);
            pids.forEach(pid -> outcome.doubt(pid, finding.problem(), !file.verified()));
        } else {
            await(file);
        }
    }

    /** What never rests is never set right, and that is told. */
    private void await(Watched file) {
        outcome.await();
        if (moment.isTooLong(file) && !moment.isSettled(file)) {
            outcome.find(Sentences.restless(file.name()));
        }
    }

    private void compare(Watched file, List<Entry> entries) {
        if (entries.isEmpty()) {
            if (file.name().isJson()) {
                tellIfSettled(file, Sentences.json(file.name()));
            } else {
                setRight(file, List.of(), "was not loaded by Karaf");
            }
            return;
        }
        if (entries.size() > 1) {
            String pids = entries.stream().map(Entry::pid).collect(Collectors.joining(" and "));
            tellIfSettled(file, Sentences.split(file.name(), pids));
        }
        List<Entry> others =
                entries.stream().filter(entry -> !isSame(file, entry)).toList();
        List<Entry> wrong = entries.stream()
                .filter(entry -> others.contains(entry) || !isAtHome(file, entry))
                .toList();
        if (wrong.isEmpty()) {
            file.verify();
            outcome.clear(file.name().wholePid());
            entries.forEach(entry -> outcome.clear(entry.pid()));
        } else {
            setRight(file, wrong, others.isEmpty() ? MOVED : "was changed, and Karaf did not take the change in");
        }
    }

    private boolean isSame(Watched file, Entry entry) {
        return file.name().isJson() || Values.same(file.values().orElseThrow(), entry.values());
    }

    private boolean isAtHome(Watched file, Entry entry) {
        return file.name().isJson() || entry.file().map(home::holds).orElse(false);
    }

    private void setRight(Watched file, List<Entry> wrong, String what) {
        // Whoever changed the configuration may be about to change the file as well.
        if (remedy.isEmpty() || !moment.isLasting(file) || !moment.isSettled(file)) {
            await(file);
            return;
        }
        FileName name = file.name();
        Path path = home.file(name);
        try {
            if (!Stamp.of(path).equals(file.stamp())) {
                await(file);
                return;
            }
            Map<String, Object> values = file.values().orElseThrow();
            for (Entry entry : wrong) {
                remedy.get().update(entry.configuration(), home.uri(name, entry), values);
            }
            if (wrong.isEmpty()) {
                remedy.get().load(name, home.uri(name), values);
            }
            file.verify();
            if (!what.equals(MOVED)) {
                LOG.warn("{} {}; it is in force now.", Sentences.path(name.name()), what);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The configuration of {} could not be set right.", name.name(), e);
            Finding finding = Sentences.failed(name, what, e);
            outcome.find(finding);
            wrong.forEach(entry -> outcome.doubt(entry.pid(), finding.problem(), !file.verified()));
        }
    }
}
