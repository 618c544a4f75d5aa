/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.policy.internal.testing.FakePeer;

/** Decides by policies that always say the same. */
abstract class DecisionFixture {

    static final PolicyStatus REJECTED = new PolicyStatus(State.REJECTED, Optional.of("It is broken."));

    final Decisions decisions = new Decisions();
    final FakePeer peer = FakePeer.uid(1001);

    Decision decide(AccessPolicy... policies) {
        return decide(peer.connect("echo"), policies);
    }

    Decision decide(AccessRequest request, AccessPolicy... policies) {
        Decisions fresh = new Decisions();
        for (int i = 0; i < policies.length; i++) {
            fresh.add(i, policies[i]);
        }
        Decision decision = fresh.decide(request);
        Explanation explanation = fresh.explain(request);
        assertEquals(decision, explanation.decision(), "what is explained is what is decided");
        assertEquals(policies.length, explanation.opinions().size());
        return decision;
    }

    static void assertDenied(Decision decision, String policy, String reason) {
        assertFalse(decision.allowed());
        assertEquals(policy, decision.policy().orElse(""));
        assertEquals(reason, decision.reason());
    }
}
