/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;
import org.peercred.credentials.Peer;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FixedPolicy;

/** One deny overrides, at least one allow is needed; who asks is told which policy it was. */
@Timeout(120)
class DecisionTest extends DecisionFixture {

    @Test
    void denies_where_no_policy_is_there() {
        assertDenied(decide(), "", "no policy covers connect on listener echo");
    }

    @Test
    void denies_where_no_policy_covers_the_listener_or_the_action() {
        FixedPolicy elsewhere = FixedPolicy.allow("uid~a").on("other");
        FixedPolicy commands = FixedPolicy.allow("uid~b").on("echo", "command:*");
        assertDenied(decide(elsewhere, commands), "", "no policy covers connect on listener echo");
        assertDenied(
                decide(peer.command("echo", "view"), FixedPolicy.allow("owner")),
                "",
                "no policy covers command:view on listener echo");
        assertTrue(decide(peer.command("echo", "view"), commands).allowed());
    }

    @Test
    void allows_where_one_allows_and_none_denies() {
        Decision decision =
                decide(FixedPolicy.abstain("owner"), FixedPolicy.allow("uid~b"), FixedPolicy.allow("uid~a"));
        assertTrue(decision.allowed());
        assertEquals(Optional.of("uid~a"), decision.policy());
        assertEquals("uid~a allows", decision.reason());
    }

    @Test
    void shows_the_first_by_id_of_those_who_allow() {
        for (Decision decision : List.of(
                decide(FixedPolicy.allow("a"), FixedPolicy.allow("b"), FixedPolicy.allow("c")),
                decide(FixedPolicy.allow("c"), FixedPolicy.allow("b"), FixedPolicy.allow("a")))) {
            assertEquals(Optional.of("a"), decision.policy());
            assertEquals("a allows", decision.reason());
        }
    }

    @Test
    void to_be_stopped_is_a_change_too_and_closes_everything() {
        decisions.add(0, FixedPolicy.allow("owner"));
        long before = decisions.generation();
        decisions.close();
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
        assertTrue(decisions.generation() > before);
    }

    @Test
    void denies_where_one_denies_whoever_allows() {
        assertDenied(decide(FixedPolicy.allow("a"), FixedPolicy.deny("b"), FixedPolicy.allow("c")), "b", "b denies");
    }

    @Test
    void shows_the_first_denier_by_id() {
        assertDenied(decide(FixedPolicy.deny("uid~z"), FixedPolicy.deny("pid~a")), "pid~a", "pid~a denies");
    }

    @Test
    void shows_the_owner_policy_where_all_abstain_and_else_the_first_by_id() {
        FixedPolicy cgroup = FixedPolicy.abstain("cgroup~a");
        FixedPolicy owner = FixedPolicy.abstain("owner");
        FixedPolicy uid = FixedPolicy.abstain("uid~a");
        assertDenied(decide(uid, cgroup, owner), "owner", "owner abstains");
        assertDenied(decide(uid, cgroup), "cgroup~a", "cgroup~a abstains");
        assertDenied(decide(uid, cgroup, owner.on("other")), "cgroup~a", "cgroup~a abstains");
    }

    @Test
    void order_never_matters() {
        Random random = new Random(4);
        Verdict.Effect[] effects = Verdict.Effect.values();
        for (int round = 0; round < 2000; round++) {
            List<FixedPolicy> policies = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                String id = i == 0 && random.nextBoolean() ? "owner" : "uid~" + i;
                Verdict verdict = new Verdict(effects[random.nextInt(effects.length)], id + round);
                FixedPolicy policy = FixedPolicy.of(id, verdict);
                policies.add(
                        switch (random.nextInt(6)) {
                            case 0 -> policy.on("other");
                            case 1 -> policy.with(REJECTED);
                            default -> policy;
                        });
            }
            AccessRequest request =
                    random.nextBoolean() ? peer.connect("echo") : peer.connect("echo", "owner", "uid~1");
            Decision first = decide(request, policies.toArray(AccessPolicy[]::new));
            Collections.shuffle(policies, random);
            assertEquals(first, decide(request, policies.toArray(AccessPolicy[]::new)));
            assertEquals(expected(request, policies), first.allowed());
        }
    }

    /** DESIGN's rule once more, in the fewest words. */
    private static boolean expected(AccessRequest request, List<FixedPolicy> policies) {
        List<FixedPolicy> covering = policies.stream()
                .filter(p -> p.scope().covers(request.listener(), request.action()))
                .toList();
        boolean required = request.requiredPolicies().stream().allMatch(id -> covering.stream()
                .anyMatch(p -> p.id().equals(id) && !p.status().equals(REJECTED)));
        return required
                && covering.stream().noneMatch(p -> p.verdict().effect() == Verdict.Effect.DENY)
                && covering.stream().anyMatch(p -> p.verdict().effect() == Verdict.Effect.ALLOW);
    }

    @Test
    void denies_a_peer_that_the_kernel_does_not_name() {
        FakePeer nobody = FakePeer.uid(Peer.NO_PEER);
        assertDenied(
                decide(nobody.connect("echo"), FixedPolicy.allow("owner")),
                "",
                "the kernel names no peer (uid 4294967295)");
        assertFalse(decide(
                        nobody.command("echo", "view"),
                        FixedPolicy.allow("owner").on("*", "*"))
                .allowed());
    }

    @Test
    void explains_what_every_policy_says_and_does_not_ask_those_that_do_not_cover() {
        FakePolicy asked = new FakePolicy("uid~asked");
        FakePolicy elsewhere = new FakePolicy("uid~elsewhere") {
            @Override
            public PolicyScope scope() {
                return new PolicyScope(Set.of("other"), Set.of("*"));
            }
        };
        decisions.add("a", elsewhere);
        decisions.add("b", FixedPolicy.deny("superuser"));
        decisions.add("c", asked);
        decisions.add("d", FixedPolicy.deny("executable~a"));
        Explanation explanation = decisions.explain(peer.connect("echo"));
        assertDenied(explanation.decision(), "executable~a", "executable~a denies");
        assertEquals(
                List.of(
                        new Explanation.Opinion("executable~a", true, Verdict.deny("executable~a denies")),
                        new Explanation.Opinion("superuser", true, Verdict.deny("superuser denies")),
                        new Explanation.Opinion("uid~asked", true, Verdict.allow("it is a test")),
                        new Explanation.Opinion(
                                "uid~elsewhere", false, Verdict.abstain("does not cover connect on listener echo"))),
                explanation.opinions());
        assertEquals(1, asked.evaluated);
        assertEquals(0, elsewhere.evaluated);
    }

    @Test
    void keeps_a_bounded_number_of_combinations_whatever_the_configuration_names() {
        String[] names = IntStream.range(0, 100).mapToObj(i -> "l" + i).toArray(String[]::new);
        for (String name : names) {
            decisions.add(name, FixedPolicy.allow("uid~" + name).on(name, "command:" + name));
        }
        for (String listener : names) {
            for (String command : names) {
                boolean allowed =
                        decisions.decide(peer.command(listener, command)).allowed();
                assertEquals(listener.equals(command), allowed, listener + " " + command);
            }
        }
        assertTrue(decisions.combinations() <= 4096, () -> decisions.combinations() + " are kept");
    }

    @Test
    void keeps_no_more_combinations_than_the_configuration_names() {
        decisions.add("a", FixedPolicy.allow("owner").on("echo", "command:view", "connect"));
        decisions.add("b", FixedPolicy.abstain("superuser").on("*", "command:*"));
        for (int i = 0; i < 10_000; i++) {
            decisions.decide(peer.command("echo", "made up " + i));
            decisions.decide(peer.connect("listener" + i));
        }
        assertTrue(decisions.combinations() <= 16, () -> decisions.combinations() + " are kept");
        assertTrue(decisions.decide(peer.command("echo", "view")).allowed());
        assertFalse(decisions.decide(peer.command("echo", "viewer")).allowed());
        assertFalse(decisions.decide(peer.command("other", "view")).allowed());
    }
}
