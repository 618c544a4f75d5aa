/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.Explanation.Opinion;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.credentials.Peer;

/**
 * The policies of one generation that cover one listener and action, and the rule that makes a decision of their verdicts.
 * Immutable.
 */
final class Covering {

    private static final String OWNER = "owner";

    private final long generation;
    private final List<Member> all;
    private final Member[] members;
    private final Set<String> inOrder;
    private final int spokesman;

    /**
     * Picks the policies.
     *
     * @param generation the generation
     * @param all all policies, sorted by id
     * @param listener the listener's name
     * @param action the action
     */
    Covering(long generation, List<Member> all, String listener, String action) {
        this.generation = generation;
        this.all = all;
        this.members = all.stream()
                .filter(m -> m.report().scope().covers(listener, action))
                .toArray(Member[]::new);
        this.inOrder = inOrder(all, listener, action);
        int owner = 0;
        for (int i = members.length - 1; i >= 0; i--) {
            owner = members[i].report().id().equals(OWNER) ? i : owner;
        }
        this.spokesman = owner;
    }

    /** The ids that satisfy a requirement. Where several policies have one id, all must: none stands in for another. */
    private static Set<String> inOrder(List<Member> all, String listener, String action) {
        Set<String> ids = new HashSet<>();
        Set<String> not = new HashSet<>();
        for (Member member : all) {
            boolean good = member.report().status().state() != State.REJECTED
                    && member.report().scope().covers(listener, action);
            (good ? ids : not).add(member.report().id());
        }
        ids.removeAll(not);
        return ids;
    }

    /** Decides; on the way of every connection, so nothing but the decision itself is allocated. */
    Decision decide(AccessRequest request) {
        return decide(request, null);
    }

    /** Decides, and tells what every policy said; each is asked once. Those that do not cover the request are not asked. */
    Explanation explain(AccessRequest request) {
        List<Opinion> opinions = new ArrayList<>(all.size());
        List<Verdict> counted = new ArrayList<>(members.length);
        for (Member member : all) {
            boolean covered = member.report().scope().covers(request.listener(), request.action());
            Verdict verdict = covered
                    ? member.evaluate(request, generation)
                    : Verdict.abstain("does not cover " + subject(request));
            opinions.add(new Opinion(member.report().id(), covered, verdict));
            if (covered) {
                counted.add(verdict);
            }
        }
        return new Explanation(decide(request, counted), opinions);
    }

    private Decision decide(AccessRequest request, List<Verdict> given) {
        String refusal = refusal(request);
        if (refusal != null) {
            return refused(refusal);
        }
        int allowed = -1;
        String grant = "";
        String refrained = "";
        for (int i = 0; i < members.length; i++) {
            Verdict verdict = given == null ? members[i].evaluate(request, generation) : given.get(i);
            switch (verdict.effect()) {
                case DENY -> {
                    return new Decision(false, members[i].id(), verdict.reason(), generation);
                }
                case ALLOW -> {
                    grant = allowed < 0 ? verdict.reason() : grant;
                    allowed = allowed < 0 ? i : allowed;
                }
                case ABSTAIN -> refrained = i == spokesman ? verdict.reason() : refrained;
            }
        }
        if (allowed >= 0) {
            return new Decision(true, members[allowed].id(), grant, generation);
        }
        return members.length == 0
                ? refused("no policy covers " + subject(request))
                : new Decision(false, members[spokesman].id(), refrained, generation);
    }

    /** Why there is nothing to ask the policies, {@code null} if there is. */
    private String refusal(AccessRequest request) {
        if (request.peer().uid() == Peer.NO_PEER) {
            return "the kernel names no peer (uid " + Peer.NO_PEER + ")";
        }
        if (request.requiredPolicies().isEmpty() || !request.action().equals(AccessRequest.CONNECT)) {
            return null;
        }
        String least = null;
        for (String id : request.requiredPolicies()) {
            // The least of several, so that the reason does not depend on the order of a set.
            least = inOrder.contains(id) || (least != null && least.compareTo(id) < 0) ? least : id;
        }
        return least == null ? null : "required policy " + least + " " + defect(least, request);
    }

    private String defect(String id, AccessRequest request) {
        List<Member> named =
                all.stream().filter(m -> m.report().id().equals(id)).toList();
        if (named.isEmpty()) {
            return "is missing";
        }
        return named.stream().anyMatch(m -> m.report().status().state() == State.REJECTED)
                ? "is not in force"
                : "does not cover " + subject(request);
    }

    private Decision refused(String reason) {
        return new Decision(false, Optional.empty(), reason, generation);
    }

    private static String subject(AccessRequest request) {
        return request.action() + " on listener " + request.listener();
    }
}
