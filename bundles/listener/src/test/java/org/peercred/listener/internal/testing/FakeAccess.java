/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyReport;

/** An access control that a test changes at will. At first it allows everybody. */
public final class FakeAccess implements AccessControl {

    /** How many decisions were made. */
    public final AtomicInteger decisions = new AtomicInteger();

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
        return List.of();
    }

    @Override
    public void reconsider() {}
}
