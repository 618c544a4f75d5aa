/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.Explanation.Opinion;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.credentials.Peer;

/**
 * The policies of one generation that cover one listener and action, and the rule that makes a decision of their verdicts.
 * Immutable.
 */
final class Applicable {

    private static final String OWNER = "owner";

    private final long generation;
    private final List<Voter> all;
    private final Voter[] voters;
    private final Set<String> inOrder;
    private final int refuser;

    /**
     * Picks the policies.
     *
     * @param generation the generation
     * @param all all policies, sorted by id
     * @param listener the listener's name
     * @param action the action
     */
    Applicable(long generation, List<Voter> all, String listener, String action) {
        this.generation = generation;
        this.all = all;
        this.voters = all.stream()
                .filter(m -> m.report().scope().covers(listener, action))
                .toArray(Voter[]::new);
        this.inOrder = inOrder(all, listener, action);
        int owner = 0;
        for (int i = voters.length - 1; i >= 0; i--) {
            owner = voters[i].report().id().equals(OWNER) ? i : owner;
        }
        this.refuser = owner;
    }

    /**
     * The ids that satisfy a requirement. Where several policies have one id, all must: none stands in for another. One that decides every
     * request to a web application does as well: so that nobody is let in before there are rules for what is requested.
     */
    private static Set<String> inOrder(List<Voter> all, String listener, String action) {
        Set<String> ids = new HashSet<>();
        Set<String> not = new HashSet<>();
        for (Voter voter : all) {
            PolicyScope scope = voter.report().scope();
            boolean good = voter.report().status().state() != State.REJECTED
                    && (scope.covers(listener, action) || scope.covers(listener, AccessRequest.EVERY_HTTP));
            (good ? ids : not).add(voter.report().id());
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
        List<Verdict> counted = new ArrayList<>(voters.length);
        for (Voter voter : all) {
            boolean covered = voter.report().scope().covers(request.listener(), request.action());
            Verdict verdict = covered
                    ? voter.evaluate(request, generation)
                    : Verdict.abstain("does not cover " + subject(request));
            opinions.add(new Opinion(voter.report().id(), covered, verdict));
            if (covered) {
                counted.add(verdict);
            }
        }
        return new Explanation(decide(request, counted), opinions);
    }

    private Decision decide(AccessRequest request, List<Verdict> given) {
        if (request.peer().uid() == Peer.NO_PEER) {
            return refused("the kernel names no peer (uid " + Peer.NO_PEER + ")");
        }
        String wanting = wanting(request);
        if (wanting != null) {
            String reason = "required policy " + wanting + " " + defect(wanting, request);
            return new Decision(false, Optional.of(wanting), reason, generation);
        }
        int allowed = -1;
        String grant = "";
        String refrained = "";
        for (int i = 0; i < voters.length; i++) {
            Verdict verdict = given == null ? voters[i].evaluate(request, generation) : given.get(i);
            switch (verdict.effect()) {
                case DENY -> {
                    return new Decision(false, voters[i].id(), verdict.reason(), generation);
                }
                case ALLOW -> {
                    grant = allowed < 0 ? verdict.reason() : grant;
                    allowed = allowed < 0 ? i : allowed;
                }
                case ABSTAIN -> refrained = i == refuser ? verdict.reason() : refrained;
            }
        }
        if (allowed >= 0) {
            return new Decision(true, voters[allowed].id(), grant, generation);
        }
        return voters.length == 0
                ? refused("no policy covers " + subject(request))
                : new Decision(false, voters[refuser].id(), refrained, generation);
    }

    /** The required policy for want of which the others need not be asked, {@code null} if there is none. */
    private String wanting(AccessRequest request) {
        if (request.requiredPolicies().isEmpty() || !request.action().equals(AccessRequest.CONNECT)) {
            return null;
        }
        String least = null;
        for (String id : request.requiredPolicies()) {
            // The least of several, so that the reason does not depend on the order of a set.
            least = inOrder.contains(id) || (least != null && least.compareTo(id) < 0) ? least : id;
        }
        return least;
    }

    private String defect(String id, AccessRequest request) {
        List<Voter> named = all.stream().filter(m -> m.report().id().equals(id)).toList();
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
