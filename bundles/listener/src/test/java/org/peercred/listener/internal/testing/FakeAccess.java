/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;

/** An access control that a test changes at will. At first it allows everybody. */
public final class FakeAccess implements AccessControl {

    /** How many decisions were made. */
    public final AtomicInteger decisions = new AtomicInteger();

    /** The policies it tells of. */
    public volatile List<String> policies = List.of();

    /** Those of them that are rejected. */
    public volatile Set<String> rejected = Set.of();

    /** Those of them that cover no listener that there is. */
    public volatile Set<String> elsewhere = Set.of();

    /** Those of them that cover requests to web applications, and nothing else. */
    public volatile Set<String> ofRequests = Set.of();

    private volatile Predicate<AccessRequest> rule = request -> true;

    public FakeAccess allowAll() {
        return allow(request -> true);
    }

    public FakeAccess denyAll() {
        return allow(request -> false);
    }

    public FakeAccess allow(Predicate<AccessRequest> newRule) {
        rule = newRule;
        return this;
    }

    @Override
    public Decision decide(AccessRequest request) {
        decisions.incrementAndGet();
        boolean allowed = rule.test(request);
        return new Decision(allowed, Optional.of("fake"), allowed ? "welcome" : "UID mismatch (1 != 2)", 0);
    }

    @Override
    public Explanation explain(AccessRequest request) {
        throw new UnsupportedOperationException(Map.of("request", request).toString());
    }

    @Override
    public long generation() {
        return 0;
    }

    @Override
    public List<PolicyReport> policies() {
        return policies.stream().map(this::report).toList();
    }

    private PolicyReport report(String id) {
        return new PolicyReport(
                id,
                scope(id),
                rejected.contains(id)
                        ? new PolicyStatus(PolicyStatus.State.REJECTED, Optional.of("It is wrong."))
                        : PolicyStatus.ACTIVE);
    }

    private PolicyScope scope(String id) {
        if (ofRequests.contains(id)) {
            return new PolicyScope(Set.of("*"), Set.of(AccessRequest.EVERY_HTTP));
        }
        return elsewhere.contains(id) ? new PolicyScope(Set.of("elsewhere"), Set.of("*")) : PolicyScope.EVERYTHING;
    }

    @Override
    public void reconsider() {}
}
