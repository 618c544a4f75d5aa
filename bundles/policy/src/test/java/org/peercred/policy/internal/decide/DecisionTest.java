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
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.credentials.Peer;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FixedPolicy;

@Timeout(120)
class DecisionTest {

    private static final PolicyStatus REJECTED = new PolicyStatus(State.REJECTED, Optional.of("It is broken."));
    private static final PolicyStatus LAST_GOOD = new PolicyStatus(State.LAST_GOOD, Optional.of("It is broken."));

    private final Decisions decisions = new Decisions();
    private final FakePeer peer = FakePeer.uid(1001);

    private Decision decide(AccessPolicy... policies) {
        return decide(peer.connect("echo"), policies);
    }

    private Decision decide(AccessRequest request, AccessPolicy... policies) {
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

    private static void assertDenied(Decision decision, String policy, String reason) {
        assertFalse(decision.allowed());
        assertEquals(policy, decision.policy().orElse(""));
        assertEquals(reason, decision.reason());
    }

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
