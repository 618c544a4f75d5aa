/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict.Effect;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;

/** The uid policy, with names and a background that do what a test tells them. */
abstract class ConfiguredPolicyFixture {

    static final Duration SECOND = Duration.ofSeconds(1);

    final FakeBackground background = new FakeBackground();
    final FakeUsers users = new FakeUsers();
    final List<String> seen = new ArrayList<>();

    UidPolicy start(Map<String, ?> settings) {
        UidPolicy policy = new UidPolicy(settings, users, new FakeCredentials(1000), background);
        policy.onChange(() -> seen.add(policy.status().state() + " " + policy.evaluate(alice())));
        return policy;
    }

    static AccessRequest alice() {
        return FakePeer.uid(1001).connect("echo");
    }

    static Effect effect(AccessPolicy policy) {
        return policy.evaluate(alice()).effect();
    }

    static void assertProblem(State state, String problem, AccessPolicy policy) {
        assertEquals(new PolicyStatus(state, Optional.of(problem)), policy.status());
    }

    static Effect effect(AccessPolicy policy, long uid) {
        return policy.evaluate(FakePeer.uid(uid).connect("echo")).effect();
    }
}
