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
import java.util.TreeSet;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration of roles, changed in place. One that cannot be used leaves the last good one in force; if there is none,
 * it gives no role to anybody. Never throws at a bad configuration. Safe to be used by any thread; nobody is called with the
 * lock held.
 */
final class RolesConfiguration {

    /** The PID. */
    static final String PID = "org.peercred.roles";

    private static final Logger LOG = LoggerFactory.getLogger(RolesConfiguration.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    /** Asks for the ids of the names. */
    @FunctionalInterface
    interface Resolver {
        RoleList.Resolved resolve(RoleList list) throws ConfigException, UnavailableException;
    }

    /** A configuration as it was delivered; two deliveries are never the same one. */
    private static final class Attempt {
        private final ConfigSource source;
        private final Map<String, String> contents;
        private boolean settled;

        Attempt(Config config) {
            source = config.source();
            contents = config.contents();
        }

        boolean sameAs(Attempt other) {
            return other != null && source.equals(other.source) && contents.equals(other.contents);
        }
    }

    private final RoleBook book;
    private final Resolver resolver;
    private final Background background;
    private final Runnable changed;
    private final Object lock = new Object();
    private final Set<String> told = new HashSet<>();
    private Optional<RoleEntry> current = Optional.empty();
    private Attempt newest;
    private boolean everGood;
    private boolean closed;

    /**
     * Creates it.
     *
     * @param book where the roles are kept
     * @param resolver asks for the ids of names
     * @param background threads to ask on
     * @param changed told after somebody may have got or lost a role
     */
    RolesConfiguration(RoleBook book, Resolver resolver, Background background, Runnable changed) {
        this.book = book;
        this.resolver = resolver;
        this.background = background;
        this.changed = changed;
    }

    /** Takes a configuration, the first or a change. The same one again changes nothing. */
    void update(Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, PID));
        Attempt attempt = new Attempt(config);
        synchronized (lock) {
            boolean again = attempt.sameAs(newest);
            if (closed || (again && stateNow() == State.ACTIVE)) {
                return;
            }
            if (!again) {
                told.clear();
            }
            newest = attempt;
        }
        RoleList list;
        try {
            list = RoleList.read(config);
        } catch (ConfigException e) {
            refuse(attempt, e.getMessage(), false);
            return;
        }
        if (!list.hasNames()) {
            load(attempt, list, FIRST_RETRY);
        } else if (!background.run(() -> load(attempt, list, FIRST_RETRY))) {
            refuse(attempt, attempt.source.file() + ": the names in it are still being looked up.", true);
        }
    }

    /** Takes all its roles away. */
    void close() {
        boolean news;
        synchronized (lock) {
            closed = true;
            news = book.remove(this);
        }
        if (news) {
            changed.run();
        }
    }

    private State stateNow() {
        return current.map(entry -> entry.status().state()).orElse(State.REJECTED);
    }

    private void load(Attempt attempt, RoleList list, Duration retry) {
        synchronized (lock) {
            if (closed || newest != attempt) {
                return;
            }
        }
        try {
            RoleList.Resolved resolved = resolver.resolve(list);
            accept(attempt, resolved);
        } catch (ConfigException e) {
            refuse(attempt, e.getMessage(), false);
        } catch (UnavailableException e) {
            refuse(attempt, e.getMessage(), false);
            later(attempt, list, retry);
        } catch (RuntimeException e) {
            LOG.debug("The roles {} could not be loaded.", attempt.source.file(), e);
            String what = e.getClass().getSimpleName();
            refuse(attempt, attempt.source.file() + ": it could not be loaded (" + what + ").", false);
            later(attempt, list, retry);
        }
    }

    private void later(Attempt attempt, RoleList list, Duration delay) {
        Duration twice = delay.multipliedBy(2);
        Duration next = twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
        background.after(delay, () -> load(attempt, list, next));
    }

    private void accept(Attempt attempt, RoleList.Resolved resolved) {
        List<String> sentences = new ArrayList<>();
        boolean news;
        synchronized (lock) {
            if (closed || newest != attempt) {
                return;
            }
            attempt.settled = true;
            everGood = true;
            resolved.notes().stream().filter(told::add).forEach(sentences::add);
            news = keep(new RoleEntry(attempt.source.name(), resolved.roles(), PolicyStatus.ACTIVE));
        }
        sentences.forEach(LOG::warn);
        LOG.info(
                "Roles {} are in force: {}.",
                attempt.source.name(),
                new TreeSet<>(resolved.roles().keySet()));
        if (news) {
            changed.run();
        }
    }

    /** Goes on without a configuration; with {@code pending} only if nothing else became of it meanwhile. */
    private void refuse(Attempt attempt, String problem, boolean pending) {
        boolean news;
        boolean fresh;
        boolean lastGood;
        synchronized (lock) {
            if (closed || newest != attempt || (pending && attempt.settled)) {
                return;
            }
            attempt.settled |= !pending;
            lastGood = everGood;
            State state = lastGood ? State.LAST_GOOD : State.REJECTED;
            Map<String, RoleMembers> roles = lastGood ? current.orElseThrow().roles() : Map.of();
            String name = lastGood ? current.orElseThrow().name() : attempt.source.name();
            news = keep(new RoleEntry(name, roles, new PolicyStatus(state, Optional.of(problem))));
            fresh = told.add(problem);
        }
        if (fresh) {
            String effect = lastGood ? "stay as they were" : "are given to nobody";
            LOG.warn("The roles {} {}: {}", attempt.source.name(), effect, problem);
        }
        if (news) {
            changed.run();
        }
    }

    private boolean keep(RoleEntry entry) {
        current = Optional.of(entry);
        return book.put(this, entry);
    }
}
