/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.List;
import java.util.Optional;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.Verdict.Effect;

/**
 * What would become of somebody who wants something of a listener: all of the way must be open.
 *
 * @param way the way to the socket
 * @param asked what the access control said of each action that it takes, in order
 */
record Outcome(List<SocketWay.Step> way, List<Asked> asked) {

    /**
     * An answer of the access control.
     *
     * @param action what was asked for
     * @param explanation the answer
     */
    record Asked(String action, Explanation explanation) {

        boolean allowed() {
            return explanation.decision().allowed();
        }
    }

    /** The action that it is about. */
    String action() {
        return asked.get(asked.size() - 1).action();
    }

    /** Where the way to the socket ends, if it does. */
    Optional<SocketWay.Step> obstacle() {
        return way.stream().filter(step -> !step.passes()).findFirst();
    }

    boolean allowed() {
        return obstacle().isEmpty() && asked.stream().allMatch(Asked::allowed);
    }

    /** The result, and what decided. */
    String sentence() {
        if (obstacle().isPresent()) {
            SocketWay.Step step = obstacle().get();
            return "Denied on the way to the socket, at " + step.subject() + ": " + step.reason();
        }
        Asked last =
                asked.stream().filter(answer -> !answer.allowed()).findFirst().orElse(asked.get(asked.size() - 1));
        Decision decision = last.explanation().decision();
        String where = last.action().equals(AccessRequest.CONNECT) && !action().equals(AccessRequest.CONNECT)
                ? " at connect"
                : "";
        return (decision.allowed() ? "Allowed" : "Denied" + where) + by(last.explanation()) + ": " + decision.reason();
    }

    /** A policy that abstained did not decide: it lends its reason to a refusal for want of a grant. */
    private static String by(Explanation explanation) {
        Optional<String> policy = explanation.decision().policy();
        boolean abstained = explanation.opinions().stream()
                .anyMatch(o -> o.covered()
                        && policy.equals(Optional.of(o.policy()))
                        && o.verdict().effect() == Effect.ABSTAIN
                        && o.verdict().reason().equals(explanation.decision().reason()));
        if (abstained) {
            return ", as no policy allows it; " + policy.get() + " says";
        }
        boolean asked =
                explanation.opinions().stream().anyMatch(o -> o.covered() && policy.equals(Optional.of(o.policy())));
        return asked ? " by " + policy.get() : "";
    }
}
