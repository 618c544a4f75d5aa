/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.peercred.access.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the configuration files with what is in force, and sets right what is not: on the way from a file to a component
 * Karaf loses changes without a word. Karaf has its chance first; what it missed is made up for within five seconds of the
 * change. {@link #look} is called by one thread at a time, all else by any.
 */
public final class Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    /** Even where nothing seems to have changed. */
    private static final Duration ANYWAY = Duration.ofSeconds(5);

    private final Home home;
    private final FileReader reader;
    private final Predicate<String> readers;
    private final BooleanSupplier starting;
    private final LongSupplier clock;
    private final Instant born;
    private final Report report = new Report();
    private final DoubtBook doubts = new DoubtBook();
    private final Map<String, Watched> files = new TreeMap<>();
    private final Orphans orphans;
    private volatile long lastEvent;
    private volatile boolean dirty = true;
    private boolean unsettled;
    private long lastLook;
    private long unlistedSince;
    private boolean started;

    /**
     * Makes one that has not looked yet.
     *
     * @param directory where the configuration files are
     * @param context whose properties variables in files stand for
     * @param readers whether anybody reads configurations with a PID that is none of ours
     * @param starting whether bundles that may be such readers are still to start
     * @param clock nanoseconds
     * @param born when this process started: Karaf has read what was there before
     */
    public Keeper(
            Path directory,
            BundleContext context,
            Predicate<String> readers,
            BooleanSupplier starting,
            LongSupplier clock,
            Instant born) {
        this.home = new Home(directory);
        this.orphans = new Orphans(home);
        this.reader = new FileReader(context);
        this.readers = readers;
        this.starting = starting;
        this.clock = clock;
        this.born = born;
        this.lastEvent = clock.getAsLong() - Moment.LONG_CHANCE.toNanos();
    }

    /** A configuration of ours was changed, by whomever. */
    public void changed() {
        lastEvent = clock.getAsLong();
        dirty = true;
    }

    /** What is amiss. */
    public List<Finding> findings() {
        return report.current();
    }

    /** What must not count as it is. */
    public Doubts doubts() {
        return doubts;
    }

    /**
     * Looks at the files, and at the configurations where something may have changed. The first look takes files that have been as
     * they are for a while for those that Karaf has read already.
     *
     * @param admin whom to ask for the configurations; empty while there is none
     */
    public void look(Optional<ConfigurationAdmin> admin) {
        long now = clock.getAsLong();
        Map<String, Stamp> listed;
        try {
            listed = Listing.of(home.directory());
            unlistedSince = 0;
        } catch (IOException | RuntimeException e) {
            unlisted(Sentences.why(e), now);
            return;
        }
        home.learn();
        boolean news = see(listed, now);
        if (!news && !unsettled && !dirty && now - lastLook < ANYWAY.toNanos()) {
            return;
        }
        dirty = false;
        lastLook = now;
        boolean judged = false;
        try {
            judge(admin, listed, now);
            judged = true;
        } finally {
            if (!judged) {
                dirty = true;
            }
        }
    }

    /** Nothing that is not seen counts as deleted: the directory may be about to be replaced, or its file system be away. */
    private void unlisted(String why, long now) {
        unlistedSince = unlistedSince == 0 ? now : unlistedSince;
        if (!started || now - unlistedSince >= Moment.CHANCE.toNanos()) {
            Finding finding = Sentences.unlisted(why);
            List<Finding> all = new ArrayList<>(report.current());
            all.removeIf(known -> known.subject().equals(finding.subject()));
            all.add(finding);
            report.replace(all);
            if (!started) {
                doubts.replace(Map.of(Doubt.ALL, new Doubt(Doubt.ALL, finding.problem(), true)));
            }
        }
        dirty = true;
    }

    private boolean see(Map<String, Stamp> listed, long now) {
        boolean news = files.keySet().retainAll(listed.keySet());
        for (Map.Entry<String, Stamp> entry : listed.entrySet()) {
            Watched file = files.computeIfAbsent(entry.getKey(), name -> new Watched(FileName.of(name)));
            news |= file.see(entry.getValue(), now);
        }
        return news;
    }

    private void judge(Optional<ConfigurationAdmin> admin, Map<String, Stamp> listed, long now) {
        Moment moment = new Moment(now, lastEvent, started, born, starting.getAsBoolean());
        Optional<Remedy> remedy = admin.map(Remedy::new);
        Outcome outcome = new Outcome();
        Optional<InForce> inForce = Optional.empty();
        try {
            if (admin.isPresent()) {
                inForce = Optional.of(InForce.read(admin.get(), home.names()));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The configurations could not be listed.", e);
            outcome.find(Sentences.unasked(Sentences.why(e)));
            outcome.await();
        }
        Map<String, List<FileName>> claims = files.values().stream()
                .map(Watched::name)
                .collect(Collectors.groupingBy(FileName::wholePid, TreeMap::new, Collectors.toList()));
        Round round = new Round(home, reader, readers, doubts.current().keySet(), moment, remedy, outcome);
        for (Watched file : files.values()) {
            round.judge(file, claims.get(file.name().wholePid()), inForce);
        }
        if (inForce.isPresent()) {
            orphans.bury(inForce.get().orphans(listed.keySet(), home.names()), moment, remedy, outcome);
        }
        outcome.keepClosed(doubts.current(), report.current(), claims.keySet(), inForce);
        unsettled = outcome.isYoung();
        report.replace(outcome.findings());
        doubts.replace(outcome.doubts());
        // Files that nobody could be asked about were not compared: what Karaf remembers counts no sooner than that.
        started |= inForce.isPresent();
    }
}
