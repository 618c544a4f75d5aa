/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.peercred.access.Decision;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus.State;

/** Counts decisions and shows the access control in JMX. */
final class AccessControlBean implements AccessControlMXBean {

    /** Where Karaf's JMX whiteboard puts it. */
    static final String OBJECT_NAME = "org.peercred:type=AccessControl";

    private final Decisions decisions;
    private final LongAdder allowed = new LongAdder();
    private final LongAdder denied = new LongAdder();

    AccessControlBean(Decisions decisions) {
        this.decisions = decisions;
    }

    Decision counted(Decision decision) {
        (decision.allowed() ? allowed : denied).increment();
        return decision;
    }

    @Override
    public long getGeneration() {
        return decisions.generation();
    }

    @Override
    public long getAllowedDecisions() {
        return allowed.sum();
    }

    @Override
    public long getDeniedDecisions() {
        return denied.sum();
    }

    @Override
    public List<String> getActivePolicies() {
        return idsOf(State.ACTIVE);
    }

    @Override
    public List<String> getLastGoodPolicies() {
        return idsOf(State.LAST_GOOD);
    }

    @Override
    public List<String> getRejectedPolicies() {
        return idsOf(State.REJECTED);
    }

    private List<String> idsOf(State state) {
        return decisions.policies().stream()
                .filter(report -> report.status().state() == state)
                .map(PolicyReport::id)
                .toList();
    }
}
