/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.reload.Reading;
import org.peercred.common.reload.Result;
import org.peercred.common.reload.Subject;
import org.peercred.policy.internal.config.GrantLog;
import org.peercred.policy.internal.config.Scopes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a configuration of roles says at each time, and what the log says of that. Fields are set last, when nothing can fail any
 * more.
 */
final class RoleEntries implements Subject<Reading<RoleList>, RoleList.Resolved, RoleList.Resolved> {

    private static final Logger LOG = LoggerFactory.getLogger(RolesConfiguration.class);

    /** Asks for the ids of the names. */
    @FunctionalInterface
    interface Resolver {
        /**
         * Asks for them.
         *
         * @param list the roles
         * @param before what names stood for, for those that are not known now
         * @param ask whether the name services are to be asked at all
         */
        RoleList.Resolved resolve(RoleList list, Map<String, Long> before, boolean ask);
    }

    private final RoleBook book;
    private final Resolver resolver;
    private final Runnable changed;
    private final GrantLog grants = new GrantLog(Set.of(Scopes.LISTENERS.name()));
    private Optional<RoleEntry> current = Optional.empty();
    private volatile Optional<RoleList.Resolved> good = Optional.empty();
    private final Object counting = new Object();
    private long news;
    private long newsTold;

    /**
     * Starts with no role.
     *
     * @param book where the roles are kept
     * @param resolver asks for the ids of names
     * @param changed told after somebody may have got or lost a role
     */
    RoleEntries(RoleBook book, Resolver resolver, Runnable changed) {
        this.book = book;
        this.resolver = resolver;
        this.changed = changed;
    }

    @Override
    public Reading<RoleList> read(Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, RolesConfiguration.PID));
        return Reading.of(config, () -> RoleList.read(config));
    }

    @Override
    public Reading<?> reading(Reading<RoleList> attempt) {
        return attempt;
    }

    @Override
    public boolean mayBlock(Reading<RoleList> attempt) {
        return attempt.value().orElseThrow().hasNames();
    }

    @Override
    public Optional<RoleList.Resolved> unasked(Reading<RoleList> attempt) {
        return Optional.of(resolve(attempt, false));
    }

    @Override
    public Result<RoleList.Resolved, RoleList.Resolved> load(Reading<RoleList> attempt) {
        RoleList.Resolved resolved = resolve(attempt, true);
        return resolved.problem().isEmpty()
                ? Result.whole(resolved)
                : Result.wanting(resolved.problem().get(), Optional.of(resolved));
    }

    private RoleList.Resolved resolve(Reading<RoleList> attempt, boolean ask) {
        Map<String, Long> before = good.map(RoleList.Resolved::names).orElse(Map.of());
        return resolver.resolve(attempt.value().orElseThrow(), before, ask);
    }

    @Override
    public boolean isWhole() {
        return current.filter(entry -> entry.status().state() == State.ACTIVE).isPresent();
    }

    @Override
    public boolean isAnnounced() {
        synchronized (counting) {
            return news == newsTold;
        }
    }

    @Override
    public Runnable accept(Reading<RoleList> attempt, RoleList.Resolved resolved, Predicate<String> fresh) {
        Optional<RoleList.Resolved> newGood = Optional.of(resolved);
        RoleEntry entry = entry(attempt, resolved.grants(), PolicyStatus.ACTIVE);
        List<String> notes = resolved.notes().stream().filter(fresh).toList();
        String granted = inForce(entry);
        keep(entry);
        good = newGood;
        return () -> {
            notes.forEach(LOG::warn);
            LOG.info("Roles {} are in force: {}", entry.name(), granted);
            announce();
        };
    }

    @Override
    public Runnable refuse(
            Reading<RoleList> attempt, String problem, Optional<RoleList.Resolved> partly, Predicate<String> fresh) {
        boolean first = good.isEmpty();
        Optional<RoleList.Resolved> newGood =
                first || partly.isEmpty() ? good : Optional.of(remembering(good.get(), partly.get()));
        RoleEntry entry = first
                ? entry(attempt, known(partly), status(State.REJECTED, problem))
                : lastGood(good.get(), problem, partly);
        String removed = grants.takenAway(key -> true, entry.grants().written());
        if (first && !entry.grants().members().isEmpty()) {
            inForce(entry);
        }
        boolean changes = keep(entry);
        good = newGood;
        boolean tell = fresh.test(problem) || changes;
        return () -> {
            if (tell) {
                String words = entry.status().problem().orElseThrow();
                LOG.warn("The roles {} {}: {}", attempt.source().name(), effect(entry), words);
            }
            if (!removed.isEmpty()) {
                LOG.info("Roles {} are less than before. {}", attempt.source().name(), removed);
            }
            announce();
        };
    }

    /** Who waits for a name service that is not up yet shall not keep those waiting whom it has nothing to do with. */
    private static RoleGrants known(Optional<RoleList.Resolved> partly) {
        return partly.filter(resolved -> !resolved.firm())
                .map(RoleList.Resolved::grants)
                .orElse(RoleGrants.NONE);
    }

    /** Whom a list names no more has lost the role, even where another name in the list is not known yet. */
    private RoleEntry lastGood(RoleList.Resolved whole, String problem, Optional<RoleList.Resolved> partly) {
        RoleEntry now = current.orElseThrow();
        return partly.map(rest -> now.with(
                        whole.grants().and(rest.grants()),
                        status(State.LAST_GOOD, problem + " What was removed from the lists no longer counts.")))
                .orElseGet(() -> now.with(now.grants(), status(State.LAST_GOOD, problem)));
    }

    private static RoleList.Resolved remembering(RoleList.Resolved whole, RoleList.Resolved now) {
        return new RoleList.Resolved(whole.grants(), now.names(), whole.problem(), whole.firm(), whole.notes());
    }

    private static RoleEntry entry(Reading<RoleList> attempt, RoleGrants grants, PolicyStatus status) {
        ConfigSource source = attempt.source();
        return new RoleEntry(source.pid(), source.name(), source.file(), grants, status);
    }

    private static PolicyStatus status(State state, String problem) {
        return new PolicyStatus(state, Optional.of(problem));
    }

    private static String effect(RoleEntry entry) {
        if (entry.status().state() == State.LAST_GOOD) {
            return "stay as they were";
        }
        return entry.grants().members().isEmpty()
                ? "are given to nobody"
                : "count without the names that are not known";
    }

    private String inForce(RoleEntry entry) {
        RoleGrants given = entry.grants();
        return grants.inForce("listeners " + new TreeSet<>(given.listeners()), given.written());
    }

    private boolean keep(RoleEntry entry) {
        Optional<RoleEntry> now = Optional.of(entry);
        boolean changes = book.put(this, entry);
        count(changes);
        current = now;
        return changes;
    }

    /** Takes all roles away; may be called again. */
    void remove() {
        count(book.remove(this));
    }

    private void count(boolean changes) {
        synchronized (counting) {
            news += changes ? 1 : 0;
        }
    }

    /** Tells that somebody may have got or lost a role; if that fails, it is made up for later. */
    void announce() {
        long latest;
        synchronized (counting) {
            latest = news;
            if (latest == newsTold) {
                return;
            }
        }
        changed.run();
        synchronized (counting) {
            newsTold = Math.max(newsTold, latest);
        }
    }

    /** Says what was in force until now. Nothing is put in force any more. */
    void sayFarewell() {
        String last = grants.gone();
        current.ifPresent(entry ->
                LOG.info("Roles {} are gone. Until now: {}", entry.name(), last.isEmpty() ? "given to nobody." : last));
    }
}
