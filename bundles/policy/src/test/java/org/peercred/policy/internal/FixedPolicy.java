/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.Set;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;

/** A policy that says what it was made to say. */
record FixedPolicy(String id, PolicyScope scope, Verdict verdict, PolicyStatus status) implements AccessPolicy {

    static FixedPolicy allow(String id) {
        return of(id, Verdict.allow(id + " allows"));
    }

    static FixedPolicy deny(String id) {
        return of(id, Verdict.deny(id + " denies"));
    }

    static FixedPolicy abstain(String id) {
        return of(id, Verdict.abstain(id + " abstains"));
    }

    static FixedPolicy of(String id, Verdict verdict) {
        return new FixedPolicy(
                id, new PolicyScope(Set.of("*"), Set.of(AccessRequest.CONNECT)), verdict, PolicyStatus.ACTIVE);
    }

    FixedPolicy on(String listener, String... actions) {
        Set<String> named = actions.length == 0 ? Set.of(AccessRequest.CONNECT) : Set.of(actions);
        return new FixedPolicy(id, new PolicyScope(Set.of(listener), named), verdict, status);
    }

    FixedPolicy with(PolicyStatus other) {
        return new FixedPolicy(id, scope, verdict, other);
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        return verdict;
    }
}
