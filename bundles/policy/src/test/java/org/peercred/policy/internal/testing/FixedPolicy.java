/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.util.Set;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;

/** A policy that says what it was made to say. */
public record FixedPolicy(String id, PolicyScope scope, Verdict verdict, PolicyStatus status) implements AccessPolicy {

    public static FixedPolicy allow(String id) {
        return of(id, Verdict.allow(id + " allows"));
    }

    public static FixedPolicy deny(String id) {
        return of(id, Verdict.deny(id + " denies"));
    }

    public static FixedPolicy abstain(String id) {
        return of(id, Verdict.abstain(id + " abstains"));
    }

    public static FixedPolicy of(String id, Verdict verdict) {
        return new FixedPolicy(
                id, new PolicyScope(Set.of("*"), Set.of(AccessRequest.CONNECT)), verdict, PolicyStatus.ACTIVE);
    }

    public FixedPolicy on(String listener, String... actions) {
        Set<String> named = actions.length == 0 ? Set.of(AccessRequest.CONNECT) : Set.of(actions);
        return new FixedPolicy(id, new PolicyScope(Set.of(listener), named), verdict, status);
    }

    public FixedPolicy with(PolicyStatus other) {
        return new FixedPolicy(id, scope, verdict, other);
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        return verdict;
    }
}
