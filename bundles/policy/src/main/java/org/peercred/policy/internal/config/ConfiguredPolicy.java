/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.common.reload.Chores.Chore;
import org.peercred.common.reload.Reload;
import org.peercred.policy.internal.background.Background;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy that lives by a configuration and is changed in place. Its state is one volatile, immutable {@link Revision}: scope
 * and rules always belong together. Nothing here throws at a bad configuration, since the component would be activated anew and
 * users be disconnected. Safe to be used by any thread; nobody is called with a lock held.
 */
public abstract class ConfiguredPolicy implements AccessPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredPolicy.class);
    private static final Duration WATCH = Duration.ofSeconds(1);

    private final Revisions revisions;
    private final Reload<Attempt, Rules.Loaded, Rules.Remainder> reload;
    private final Retirement retirement;
    private final Chore watching;
    private volatile Runnable observer = () -> {};

    protected ConfiguredPolicy(PolicyKind kind, Rules.Reader reader, Background background) {
        revisions = new Revisions(kind, reader, this::changed);
        reload = new Reload<>(revisions, background);
        retirement = new Retirement(background);
        watching = background.chore(this::watch);
    }

    @Override
    public final String id() {
        return revisions.current().id();
    }

    @Override
    public final AccessPolicy snapshot() {
        return revisions.current();
    }

    @Override
    public final PolicyScope scope() {
        return revisions.current().scope();
    }

    @Override
    public final Verdict evaluate(AccessRequest request) {
        return revisions.current().evaluate(request);
    }

    @Override
    public final PolicyStatus status() {
        return revisions.current().status();
    }

    @Override
    public final void onChange(Runnable changed) {
        observer = changed;
    }

    /** Takes a configuration, the first or a change. The same one again changes nothing. Never throws. */
    public final void update(Map<String, ?> properties) {
        reload.deliver(properties);
    }

    /** Gives back everything. A decision that still uses a revision of this policy finds closed what was held. */
    public final void close() {
        if (reload.close()) {
            revisions.sayFarewell();
        }
        retirement.finish();
        revisions.current().rules().close(Optional.empty());
    }

    private void changed(Revision before, Revision after) {
        if (before.rules() != after.rules()) {
            retirement.add(before.rules(), after.rules());
        }
        if (after.rules().watches()) {
            watching.in(WATCH);
        }
        announce();
    }

    /** Should it fail, it is made up for later. */
    private void announce() {
        revisions.announce(() -> observer.run());
    }

    private void watch() {
        Rules rules = revisions.current().rules();
        if (reload.isClosed() || !rules.watches()) {
            return;
        }
        watching.in(WATCH);
        announce();
        Optional<Rules.Loaded> successor = Optional.empty();
        try {
            successor = rules.refresh();
        } catch (UnavailableException | RuntimeException e) {
            LOG.debug("What policy {} rests on could not be looked at; it is tried again.", id(), e);
        }
        if (successor.isPresent()) {
            Rules.Loaded loaded = successor.get();
            boolean taken = false;
            try {
                taken = reload.change(() -> revisions.replace(rules, loaded));
            } finally {
                if (!taken && revisions.current().rules() != loaded.rules()) {
                    loaded.rules().close(Optional.of(rules));
                }
            }
        }
    }
}
