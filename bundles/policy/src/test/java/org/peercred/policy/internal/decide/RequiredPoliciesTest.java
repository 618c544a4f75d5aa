/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.policy.internal.testing.FixedPolicy;

/** What a listener requires is there, in force and covers it, or nobody is let in. */
@Timeout(120)
class RequiredPoliciesTest extends DecisionFixture {

    private static final PolicyStatus LAST_GOOD = new PolicyStatus(State.LAST_GOOD, Optional.of("It is broken."));

    @Test
    void denies_connects_while_any_required_policy_is_held_back() {
        List<FixedPolicy> all =
                List.of(FixedPolicy.allow("owner"), FixedPolicy.abstain("superuser"), FixedPolicy.abstain("uid~a"));
        AccessRequest request = peer.connect("echo", "owner", "superuser", "uid~a");
        assertTrue(decide(request, all.toArray(AccessPolicy[]::new)).allowed());
        for (FixedPolicy held : all) {
            List<FixedPolicy> others = new ArrayList<>(all);
            others.remove(held);
            // Somebody allows, so that the missing policy alone makes the difference.
            others.add(FixedPolicy.allow("zz"));
            assertDenied(
                    decide(request, others.toArray(AccessPolicy[]::new)),
                    held.id(),
                    "required policy " + held.id() + " is missing");
            List<FixedPolicy> rejected = new ArrayList<>(others);
            rejected.add(held.with(REJECTED));
            assertDenied(
                    decide(request, rejected.toArray(AccessPolicy[]::new)),
                    held.id(),
                    "required policy " + held.id() + " is not in force");
            List<FixedPolicy> elsewhere = new ArrayList<>(others);
            elsewhere.add(held.on("other"));
            assertDenied(
                    decide(request, elsewhere.toArray(AccessPolicy[]::new)),
                    held.id(),
                    "required policy " + held.id() + " does not cover connect on listener echo");
            List<FixedPolicy> lastGood = new ArrayList<>(others);
            lastGood.add(held.with(LAST_GOOD));
            assertTrue(decide(request, lastGood.toArray(AccessPolicy[]::new)).allowed());
        }
    }

    @Test
    void a_required_policy_for_requests_lets_nobody_in_until_it_is_there_for_every_request_of_the_listener() {
        AccessRequest request = peer.connect("echo", "owner", "http~rules");
        FixedPolicy rules = FixedPolicy.deny("http~rules").on("echo", AccessRequest.EVERY_HTTP);
        assertTrue(decide(request, FixedPolicy.allow("owner"), rules).allowed(), "it has no say about connections");
        assertDenied(
                decide(request, FixedPolicy.allow("owner")), "http~rules", "required policy http~rules is missing");
        assertDenied(
                decide(request, FixedPolicy.allow("owner"), rules.with(REJECTED)),
                "http~rules",
                "required policy http~rules is not in force");
        for (FixedPolicy part : List.of(
                rules.on("other", AccessRequest.EVERY_HTTP),
                rules.on("echo", AccessRequest.http("GET", "/x")),
                rules.on("echo", AccessRequest.command("x")))) {
            assertDenied(
                    decide(request, FixedPolicy.allow("owner"), part),
                    "http~rules",
                    "required policy http~rules does not cover connect on listener echo");
        }
    }

    @Test
    void names_the_required_policy_that_is_wanting_and_not_the_owner_that_covers_it() {
        assertDenied(
                decide(peer.connect("echo", "owner", "uid~team"), FixedPolicy.abstain("owner")),
                "uid~team",
                "required policy uid~team is missing");
    }

    @Test
    void names_the_listeners_own_policy_where_the_owner_does_not_cover_it() {
        FixedPolicy team = FixedPolicy.abstain("uid~team");
        FixedPolicy owner = FixedPolicy.abstain("owner");
        AccessRequest request = peer.connect("echo", "uid~team");
        assertDenied(decide(request, owner.on("other"), team), "uid~team", "uid~team abstains");
        assertDenied(decide(request, owner, team), "owner", "owner abstains");
    }

    @Test
    void names_the_least_of_several_missing_policies() {
        assertDenied(
                decide(peer.connect("echo", "uid~b", "owner", "uid~a")), "owner", "required policy owner is missing");
    }

    @Test
    void requires_policies_for_connects_only() {
        AccessRequest command = new AccessRequest(peer, "echo", AccessRequest.command("view"), Set.of("owner"));
        assertTrue(decide(command, FixedPolicy.allow("command~a").on("*", "command:view"))
                .allowed());
    }
}
