/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;

/** A policy as somebody else writes it: it covers everything, allows, and is its own snapshot. */
public class FakePolicy implements AccessPolicy {

    private final String id;
    public volatile Verdict verdict = Verdict.allow("it is a test");
    public int evaluated;

    public FakePolicy(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public PolicyScope scope() {
        return PolicyScope.EVERYTHING;
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        evaluated++;
        return verdict;
    }
}
