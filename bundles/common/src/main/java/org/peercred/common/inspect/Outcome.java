/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.Verdict.Effect;
import org.peercred.service.ListenerReport;

/**
 * What would become of somebody who wants something of a listener: all of the way must be open.
 *
 * @param way the way to the socket
 * @param asked what the access control said of each action that it takes, in order
 */
public record Outcome(List<SocketWay.Step> way, List<Asked> asked) {

    /**
     * An answer of the access control.
     *
     * @param action what was asked for
     * @param explanation the answer
     */
    public record Asked(String action, Explanation explanation) {

        /**
         * What came of it.
         *
         * @return whether it was allowed
         */
        public boolean allowed() {
            return explanation.decision().allowed();
        }
    }

    /**
     * One verdict of all that lead to the result.
     *
     * @param step {@code socket}, or the action asked for
     * @param what a place on the way, or a policy's id
     * @param verdict {@code allow}, {@code deny} or {@code abstain}; {@code -} of a policy that does not cover the action
     * @param decides whether the result rests on it
     * @param reason why, half a sentence
     */
    public record Row(String step, String what, String verdict, boolean decides, String reason) {}

    /**
     * Looks at the whole way. Who may not connect runs no command, so {@code connect} is asked for first.
     *
     * @param control decides
     * @param peer who wants it; facts of it are read on the calling thread
     * @param listener where
     * @param action what, {@code connect} or {@code command:NAME}
     * @param accounts tells names for what is said
     * @return what would become of it
     */
    public static Outcome of(
            AccessControl control, SupposedPeer peer, ListenerReport listener, String action, Accounts accounts) {
        List<Asked> asked = new ArrayList<>();
        for (String step : new LinkedHashSet<>(List.of(AccessRequest.CONNECT, action))) {
            AccessRequest request = new AccessRequest(peer, listener.name(), step, listener.requiredPolicies());
            asked.add(new Asked(step, control.explain(request)));
        }
        return new Outcome(SocketWay.to(listener, new FileRights(peer, accounts)), asked);
    }

    /**
     * The action that it is about.
     *
     * @return {@code connect}, or what was asked for after it
     */
    public String action() {
        return asked.get(asked.size() - 1).action();
    }

    /**
     * Where the way to the socket ends.
     *
     * @return the first place that does not let pass; empty if all do
     */
    public Optional<SocketWay.Step> obstacle() {
        return way.stream().filter(step -> !step.passes()).findFirst();
    }

    /**
     * Whether all of the way is open.
     *
     * @return true if the socket can be reached and everything asked was allowed
     */
    public boolean allowed() {
        return obstacle().isEmpty() && asked.stream().allMatch(Asked::allowed);
    }

    /**
     * Every verdict, in order.
     *
     * @param all whether also what stands in nobody's way is told: policies that do not cover a request, directories
     * @return at least one for the way and one for each action; nothing in it is escaped
     */
    public List<Row> rows(boolean all) {
        List<Row> rows = new ArrayList<>();
        Optional<SocketWay.Step> obstacle = obstacle();
        for (SocketWay.Step step : way) {
            boolean last = step.equals(way.get(way.size() - 1));
            if (all || last || !step.passes()) {
                boolean decides = obstacle.equals(Optional.of(step));
                rows.add(new Row("socket", step.subject(), step.passes() ? "allow" : "deny", decides, step.reason()));
            }
        }
        asked.forEach(one -> rows.addAll(rows(one, all)));
        return rows;
    }

    private static List<Row> rows(Asked asked, boolean all) {
        Optional<String> decider = asked.explanation().decision().policy();
        List<Row> rows = asked.explanation().opinions().stream()
                .filter(opinion -> all || opinion.covered())
                .map(opinion -> new Row(
                        asked.action(),
                        opinion.policy(),
                        opinion.covered() ? opinion.verdict().effect().name().toLowerCase(Locale.ROOT) : "-",
                        decider.equals(Optional.of(opinion.policy())),
                        opinion.verdict().reason()))
                .toList();
        return rows.isEmpty() ? List.of(new Row(asked.action(), "(no policy)", "-", false, "none covers it")) : rows;
    }

    /**
     * The result, and what decided.
     *
     * @return a sentence without a full stop; names and paths in it are not escaped
     */
    public String sentence() {
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
