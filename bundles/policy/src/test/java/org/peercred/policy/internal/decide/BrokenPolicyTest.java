/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FixedPolicy;

/** A policy that fails, or is there twice, opens nothing. */
@Timeout(120)
class BrokenPolicyTest extends DecisionFixture {

    @Test
    void a_second_policy_of_one_id_opens_nothing() {
        assertDenied(decide(FixedPolicy.deny("owner"), FixedPolicy.allow("owner")), "owner", "owner denies");
        assertDenied(decide(FixedPolicy.allow("owner"), FixedPolicy.deny("owner")), "owner", "owner denies");
        AccessRequest request = peer.connect("echo", "owner");
        assertFalse(decide(
                        request,
                        FixedPolicy.allow("owner"),
                        FixedPolicy.abstain("owner").with(REJECTED))
                .allowed());
        assertFalse(decide(
                        request,
                        FixedPolicy.allow("owner"),
                        FixedPolicy.allow("owner").on("other"))
                .allowed());
    }

    @Test
    void warns_once_of_a_second_policy_of_one_id() {
        decisions.add("a", FixedPolicy.allow("uid~namesake"));
        decisions.add("b", FixedPolicy.allow("uid~namesake"));
        decisions.reconsider();
        assertEquals(1, Logged.lines("WARN", "the id uid~namesake").size());
    }

    @Test
    void a_policy_that_throws_denies_and_is_logged_once_a_generation() {
        AccessPolicy throwing = new FakePolicy("uid~throwing") {
            @Override
            public Verdict evaluate(AccessRequest request) {
                throw new IllegalStateException("inside");
            }
        };
        decisions.add("a", FixedPolicy.allow("owner"));
        decisions.add("b", throwing);
        for (int i = 0; i < 3; i++) {
            assertDenied(
                    decisions.decide(peer.connect("echo")),
                    "uid~throwing",
                    "policy uid~throwing failed (IllegalStateException)");
        }
        assertEquals(1, Logged.lines("WARN", "uid~throwing failed").size());
        decisions.reconsider();
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
        assertEquals(2, Logged.lines("WARN", "uid~throwing failed").size());
    }

    @Test
    void a_policy_that_throws_an_error_denies() {
        AccessPolicy gone = new FakePolicy("uid~gone") {
            @Override
            public Verdict evaluate(AccessRequest request) {
                throw new NoClassDefFoundError("gone");
            }
        };
        assertDenied(
                decide(FixedPolicy.allow("owner"), gone), "uid~gone", "policy uid~gone failed (NoClassDefFoundError)");
    }

    @Test
    void a_policy_that_returns_null_denies() {
        AccessPolicy silent = new FakePolicy("uid~silent") {
            @Override
            public Verdict evaluate(AccessRequest request) {
                return null;
            }
        };
        assertDenied(decide(FixedPolicy.allow("owner"), silent), "uid~silent", "policy uid~silent gave no verdict");
    }

    @Test
    void a_policy_that_cannot_be_asked_denies_everything_and_satisfies_no_requirement() {
        List<AccessPolicy> broken = List.of(
                new FakePolicy("owner") {
                    @Override
                    public String id() {
                        throw new IllegalStateException("inside");
                    }
                },
                new FakePolicy(null),
                new FakePolicy(" "),
                new FakePolicy("owner") {
                    @Override
                    public AccessPolicy snapshot() {
                        throw new IllegalStateException("inside");
                    }
                },
                new FakePolicy("owner") {
                    @Override
                    public AccessPolicy snapshot() {
                        return null;
                    }
                },
                new FakePolicy("owner") {
                    @Override
                    public PolicyScope scope() {
                        throw new IllegalStateException("inside");
                    }
                },
                new FakePolicy("owner") {
                    @Override
                    public PolicyScope scope() {
                        return null;
                    }
                },
                new FakePolicy("owner") {
                    @Override
                    public PolicyStatus status() {
                        throw new IllegalStateException("inside");
                    }
                },
                new FakePolicy("owner") {
                    @Override
                    public PolicyStatus status() {
                        return null;
                    }
                });
        FixedPolicy everything = FixedPolicy.allow("zz").on("*", "*");
        for (AccessPolicy policy : broken) {
            assertFalse(decide(everything, policy).allowed());
            assertFalse(decide(peer.command("any", "view"), everything, policy).allowed());
            assertFalse(
                    decide(peer.connect("echo", "owner"), everything, policy).allowed());
        }
    }
}
