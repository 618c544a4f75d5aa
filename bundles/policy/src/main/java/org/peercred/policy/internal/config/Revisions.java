/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.common.config.ConfigException;
import org.peercred.common.reload.Reading;
import org.peercred.common.reload.Result;
import org.peercred.common.reload.Subject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which revision of a policy is in force, and what the log says of it. A configuration that cannot be used leaves the last good
 * one in force; if there is none, the policy denies all it covers; if all that is amiss is that a name service does not answer,
 * it says of those who are known what its configuration says. Fields are set last, when nothing can fail any more.
 */
final class Revisions implements Subject<Attempt, Rules.Loaded, Rules.Remainder> {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredPolicy.class);

    private final PolicyKind kind;
    private final Rules.Reader reader;
    private final BiConsumer<Revision, Revision> changed;
    private final GrantLog grants = new GrantLog(Attempt.SCOPE);
    private Optional<Rules.Loaded> good = Optional.empty();
    private volatile Revision current;
    private volatile Revision announced;

    /**
     * Starts with a revision that denies everything.
     *
     * @param kind the policy's kind
     * @param reader reads its configurations
     * @param changed given the revision before and the one after, without a lock held, once that is in force
     */
    Revisions(PolicyKind kind, Rules.Reader reader, BiConsumer<Revision, Revision> changed) {
        this.kind = kind;
        this.reader = reader;
        this.changed = changed;
        this.current = Revision.closed(kind.name(), PolicyScope.EVERYTHING, "The configuration is not loaded yet.");
        this.announced = current;
    }

    Revision current() {
        return current;
    }

    /** Tells of what is in force now, if that was not told. What another thread puts in force meanwhile is told as well. */
    void announce(Runnable observer) {
        for (Revision now = current; !now.equals(announced); now = current) {
            observer.run();
            announced = now;
        }
    }

    @Override
    public Attempt read(Map<String, ?> properties) {
        return Attempt.read(kind, properties, reader);
    }

    @Override
    public Reading<?> reading(Attempt attempt) {
        return attempt.reading();
    }

    @Override
    public boolean mayBlock(Attempt attempt) {
        return loading(attempt).mayBlock();
    }

    @Override
    public Optional<Rules.Remainder> unasked(Attempt attempt) {
        return loading(attempt).remainder();
    }

    @Override
    public Result<Rules.Loaded, Rules.Remainder> load(Attempt attempt) throws ConfigException {
        try {
            return Result.whole(loading(attempt).load());
        } catch (UnavailableException e) {
            return Result.wanting(e.getMessage(), e.remainder());
        }
    }

    private static Rules.Loading loading(Attempt attempt) {
        return attempt.reading().value().orElseThrow();
    }

    @Override
    public void discard(Rules.Loaded loaded) {
        loaded.rules().close(Optional.empty());
    }

    @Override
    public boolean isWhole() {
        return current.status().state() == State.ACTIVE;
    }

    @Override
    public boolean isAnnounced() {
        return current.equals(announced);
    }

    @Override
    public Runnable accept(Attempt attempt, Rules.Loaded loaded, Predicate<String> fresh) {
        Revision before = current;
        // Equal rules stay, so that what they hold need not be taken anew, and nobody is told of a change that is none.
        Rules rules = before.rules().equals(loaded.rules()) ? before.rules() : loaded.rules();
        Revision after = new Revision(attempt.id(), attempt.scope().orElseThrow(), PolicyStatus.ACTIVE, rules);
        Optional<Rules.Loaded> newGood = Optional.of(new Rules.Loaded(rules, loaded.notes(), loaded.names()));
        List<String> notes = loaded.notes().stream().filter(fresh).toList();
        String granted = grants.inForce(where(after.scope()), attempt.written());
        good = newGood;
        current = after;
        return () -> {
            if (loaded.rules() != rules) {
                discard(loaded);
            }
            notes.forEach(LOG::warn);
            if (!after.equals(before)) {
                LOG.info("Policy {} is in force: {}", after.id(), granted);
            }
            changed.accept(before, after);
        };
    }

    @Override
    public Runnable refuse(
            Attempt attempt, String problem, Optional<Rules.Remainder> remainder, Predicate<String> fresh) {
        Revision before = current;
        Optional<Rules.Loaded> newGood = good;
        Revision next;
        if (good.isEmpty()) {
            next = first(attempt, problem, remainder.flatMap(Rules.Remainder::alone));
        } else if (remainder.isEmpty()) {
            next = before.lastGood(problem, before.rules());
        } else {
            // What was removed from a list counts no longer, even where something else in that list is not known yet.
            Rules.Loaded rest = remainder.get().of(good.get());
            newGood = Optional.of(good.get().remembering(rest.names()));
            Rules rules = rest.rules().equals(before.rules()) ? before.rules() : rest.rules();
            next = before.lastGood(problem + " What was removed from the list no longer counts.", rules);
        }
        Revision after = next.equals(before) ? before : next;
        String removed =
                remainder.isEmpty() ? "" : grants.takenAway(PolicyKind.ALLOW.name()::equals, attempt.written());
        if (after.partial()) {
            grants.inForce(where(after.scope()), attempt.written());
        }
        boolean news = fresh.test(problem) || !after.rules().equals(before.rules());
        good = newGood;
        current = after;
        return () -> {
            if (news) {
                LOG.warn(
                        "Policy {} {}: {}",
                        after.id(),
                        effect(after),
                        after.status().problem().orElse(problem));
            }
            if (!removed.isEmpty()) {
                LOG.info("Policy {} grants less than before. {}", after.id(), removed);
            }
            changed.accept(before, after);
        };
    }

    /** Who waits for a name service that is not up yet shall not lock out those whom it has nothing to do with. */
    private static Revision first(Attempt attempt, String problem, Optional<Rules> known) {
        PolicyScope scope = attempt.scope().orElse(PolicyScope.EVERYTHING);
        return known.map(rules -> Revision.partial(attempt.id(), scope, problem, rules))
                .orElseGet(() -> Revision.closed(attempt.id(), scope, problem));
    }

    private static String effect(Revision revision) {
        if (revision.status().state() == State.LAST_GOOD) {
            return "goes on with its last good configuration";
        }
        return revision.partial() ? "counts without the names that are not known" : "denies all it covers";
    }

    /**
     * Puts rules in the place of those that rest on something that changed by itself.
     *
     * @param rules the rules before
     * @param successor the rules in their place, unless others have been put there meanwhile
     * @return what is to be done without the lock
     */
    Runnable replace(Rules rules, Rules.Loaded successor) {
        Revision before = current;
        if (before.rules() != rules) {
            return () -> successor.rules().close(Optional.of(rules));
        }
        Revision after = before.with(successor.rules());
        good = Optional.of(successor);
        current = after;
        return () -> {
            successor.notes().forEach(LOG::warn);
            changed.accept(before, after);
        };
    }

    /** Says what was in force until now. Nothing is put in force any more. */
    void sayFarewell() {
        String last = grants.gone();
        Revision revision = current;
        LOG.info(
                "Policy {} is gone. Until now: {}",
                revision.id(),
                last.isEmpty() ? where(revision.scope()) + "; it was rejected." : last);
    }

    private static String where(PolicyScope scope) {
        return "listeners " + new TreeSet<>(scope.listeners()) + ", actions " + new TreeSet<>(scope.actions());
    }
}
