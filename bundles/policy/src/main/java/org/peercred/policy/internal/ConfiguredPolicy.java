/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy that lives by a configuration and is changed in place. Its state is one volatile, immutable {@link Snapshot}: scope
 * and rules always belong together. A configuration that cannot be used leaves the last good one in force; if there is none,
 * the policy is there and denies all it covers.
 *
 * <p>Nothing here throws at a bad configuration, since the component would be activated anew and users be disconnected. Safe
 * to be used by any thread; nobody is called with the lock held.
 */
abstract class ConfiguredPolicy implements AccessPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredPolicy.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);
    private static final Duration WATCH = Duration.ofSeconds(1);

    private final Kind kind;
    private final Rules.Reader reader;
    private final Background background;
    private final Object lock = new Object();
    private final Retirement retirement;
    private final Set<String> told = new HashSet<>();
    private Attempt newest;
    private long settled;
    private boolean everGood;
    private boolean closed;
    private volatile Snapshot current;
    private volatile Runnable observer = () -> {};

    ConfiguredPolicy(Kind kind, Rules.Reader reader, Background background) {
        this.kind = kind;
        this.reader = reader;
        this.background = background;
        this.retirement = new Retirement(background);
        this.current = Snapshot.closed(kind.name(), PolicyScope.EVERYTHING, "The configuration is not loaded yet.");
    }

    @Override
    public final String id() {
        return current.id();
    }

    @Override
    public final AccessPolicy snapshot() {
        return current;
    }

    @Override
    public final PolicyScope scope() {
        return current.scope();
    }

    @Override
    public final Verdict evaluate(AccessRequest request) {
        return current.evaluate(request);
    }

    @Override
    public final PolicyStatus status() {
        return current.status();
    }

    /**
     * Whom to tell of every change from now on, after it took effect.
     *
     * @param whom called by the thread that made the change
     */
    final void observe(Runnable whom) {
        observer = whom;
    }

    /** Takes a configuration, the first or a change. The same one again changes nothing. Never throws. */
    final void update(Map<String, ?> properties) {
        Attempt attempt = Attempt.read(kind, properties, reader);
        synchronized (lock) {
            boolean again = attempt.sameAs(newest);
            if (closed || (again && current.status().state() == State.ACTIVE)) {
                return;
            }
            if (!again) {
                told.clear();
            }
            newest = attempt;
        }
        if (attempt.loading().isEmpty()) {
            refuse(attempt, attempt.problem(), false);
        } else if (!attempt.loading().get().mayBlock()) {
            load(attempt, FIRST_RETRY);
        } else if (!background.run(() -> load(attempt, FIRST_RETRY))) {
            refuse(attempt, attempt.source().file() + ": the names in it are still being looked up.", true);
        }
    }

    /** Gives back everything. A decision that still uses a snapshot of this policy finds closed what was held. */
    final void close() {
        synchronized (lock) {
            closed = true;
        }
        retirement.finish();
        current.rules().close(Optional.empty());
    }

    private void load(Attempt attempt, Duration retry) {
        synchronized (lock) {
            if (!isNewest(attempt)) {
                return;
            }
        }
        try {
            accept(attempt, attempt.loading().orElseThrow().load());
        } catch (ConfigException e) {
            refuse(attempt, e.getMessage(), false);
        } catch (UnavailableException e) {
            retry(attempt, e.getMessage(), retry);
        } catch (RuntimeException e) {
            LOG.debug("The configuration of policy {} could not be loaded.", attempt.id(), e);
            String what = e.getClass().getSimpleName();
            retry(attempt, attempt.source().file() + ": it could not be loaded (" + what + ").", retry);
        }
    }

    private void retry(Attempt attempt, String problem, Duration delay) {
        refuse(attempt, problem, false);
        Duration twice = delay.multipliedBy(2);
        Duration next = twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
        background.after(delay, () -> load(attempt, next));
    }

    private void accept(Attempt attempt, Rules.Loaded loaded) {
        Snapshot before;
        Snapshot after;
        List<String> sentences = new ArrayList<>();
        synchronized (lock) {
            if (!isNewest(attempt)) {
                loaded.rules().close(Optional.empty());
                return;
            }
            settled = attempt.number();
            everGood = true;
            before = current;
            // Equal rules stay, so that what they hold need not be taken anew, and nobody is told of a change that is
            // none.
            Rules rules = before.rules().equals(loaded.rules()) ? before.rules() : loaded.rules();
            after = new Snapshot(attempt.id(), attempt.scope().orElseThrow(), PolicyStatus.ACTIVE, rules);
            current = after;
            unsaid(attempt.warnings(), sentences);
            unsaid(loaded.notes(), sentences);
        }
        sentences.forEach(LOG::warn);
        if (loaded.rules() != after.rules()) {
            loaded.rules().close(Optional.empty());
        }
        if (!after.equals(before)) {
            PolicyScope scope = after.scope();
            LOG.info(
                    "Policy {} is in force: listeners {}, actions {}.", after.id(), scope.listeners(), scope.actions());
            changed(before, after);
        }
    }

    /** Goes on without a configuration; with {@code pending} only if nothing else became of it meanwhile. */
    private void refuse(Attempt attempt, String problem, boolean pending) {
        Snapshot before;
        Snapshot after;
        List<String> sentences = new ArrayList<>();
        boolean fresh;
        synchronized (lock) {
            if (!isNewest(attempt) || (pending && settled == attempt.number())) {
                return;
            }
            settled = pending ? settled : attempt.number();
            before = current;
            after = everGood
                    ? before.lastGood(problem)
                    : Snapshot.closed(attempt.id(), attempt.scope().orElse(PolicyScope.EVERYTHING), problem);
            current = after.equals(before) ? before : after;
            after = current;
            fresh = told.add(problem);
            unsaid(attempt.warnings(), sentences);
        }
        if (fresh) {
            String effect = after.status().state() == State.LAST_GOOD
                    ? "goes on with its last good configuration"
                    : "denies all it covers";
            LOG.warn("Policy {} {}: {}", after.id(), effect, problem);
        }
        sentences.forEach(LOG::warn);
        if (!after.equals(before)) {
            changed(before, after);
        }
    }

    private boolean isNewest(Attempt attempt) {
        return !closed && newest != null && newest.number() == attempt.number();
    }

    private void unsaid(List<String> candidates, List<String> sentences) {
        candidates.stream().filter(told::add).forEach(sentences::add);
    }

    private void changed(Snapshot before, Snapshot after) {
        observer.run();
        if (before.rules() != after.rules()) {
            retirement.add(before.rules(), after.rules());
            if (after.rules().watches()) {
                background.after(WATCH, () -> watch(after.rules()));
            }
        }
    }

    private void watch(Rules rules) {
        synchronized (lock) {
            if (closed || current.rules() != rules) {
                return;
            }
        }
        Optional<Rules.Loaded> successor = Optional.empty();
        try {
            successor = rules.refresh();
        } catch (UnavailableException | RuntimeException e) {
            LOG.debug("What policy {} rests on could not be looked at; it is tried again.", id(), e);
        }
        if (successor.isEmpty()) {
            background.after(WATCH, () -> watch(rules));
        } else {
            replace(rules, successor.get());
        }
    }

    private void replace(Rules rules, Rules.Loaded successor) {
        Snapshot before;
        Snapshot after;
        synchronized (lock) {
            before = current;
            if (closed || before.rules() != rules) {
                successor.rules().close(Optional.of(rules));
                return;
            }
            after = before.with(successor.rules());
            current = after;
        }
        successor.notes().forEach(LOG::warn);
        changed(before, after);
    }
}
