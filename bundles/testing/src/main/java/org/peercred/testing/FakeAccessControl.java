/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyReport;

/**
 * An access control whose decisions a test makes. It allows everything until it is told otherwise, and has no policies to show. May
 * be used by any thread.
 */
public final class FakeAccessControl implements AccessControl {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger reconsidered = new AtomicInteger();
    private final AtomicLong generation = new AtomicLong();
    private volatile Predicate<AccessRequest> rule = request -> true;
    private volatile List<PolicyReport> policies = List.of();

    /**
     * Decides by this rule from now on. The connections of a {@link TestListener} are decided again.
     *
     * @param newRule true for what is allowed; called by event loops
     * @return this
     */
    public FakeAccessControl allow(Predicate<AccessRequest> newRule) {
        rule = newRule;
        changed();
        return this;
    }

    /**
     * Allows everything from now on.
     *
     * @return this
     */
    public FakeAccessControl allowAll() {
        return allow(request -> true);
    }

    /**
     * Allows nothing from now on.
     *
     * @return this
     */
    public FakeAccessControl denyAll() {
        return allow(request -> false);
    }

    /**
     * Says which policies there are, for whoever looks. The rule decides all the same.
     *
     * @param reports by id
     * @return this
     */
    public FakeAccessControl show(PolicyReport... reports) {
        policies = List.of(reports);
        changed();
        return this;
    }

    /**
     * How often somebody called {@link #reconsider()}.
     *
     * @return 0 or greater
     */
    public int reconsidered() {
        return reconsidered.get();
    }

    @Override
    public Decision decide(AccessRequest request) {
        boolean allowed = rule.test(request);
        return new Decision(
                allowed,
                Optional.of(FakeConnection.POLICY),
                allowed ? FakeConnection.ALLOWED : FakeConnection.DENIED,
                generation());
    }

    @Override
    public Explanation explain(AccessRequest request) {
        return new Explanation(decide(request), List.of());
    }

    @Override
    public long generation() {
        return generation.get();
    }

    @Override
    public List<PolicyReport> policies() {
        return policies;
    }

    @Override
    public void reconsider() {
        reconsidered.incrementAndGet();
        changed();
    }

    /** Has somebody told of every change. */
    void whenChanged(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        generation.incrementAndGet();
        listeners.forEach(Runnable::run);
    }
}
