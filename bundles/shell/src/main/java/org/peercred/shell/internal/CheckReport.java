/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.Explanation.Opinion;
import org.peercred.access.RoleDirectory;
import org.peercred.access.Verdict.Effect;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.PeerProcess.Ancestor;
import org.peercred.service.ListenerReport;
import org.peercred.shell.internal.Palette.Tone;

/** Prints what {@code peercred:check} found out. */
final class CheckReport {

    private final PrintStream out;
    private final PeercredAction action;

    /**
     * Prints nothing yet.
     *
     * @param out where to
     * @param action knows how it is to look
     */
    CheckReport(PrintStream out, PeercredAction action) {
        this.out = out;
        this.action = action;
    }

    /** Who is checked, and where each fact comes from. */
    void facts(SupposedPeer peer, Accounts accounts, Services services) {
        boolean living = peer.pid().isPresent();
        out.println(
                living
                        ? "What would be decided if process " + peer.pid().getAsInt()
                                + " connected now. Its facts are observed in /proc, not attested by a connection:"
                        : "What would be decided for somebody with these facts:");
        String source = living ? "observed" : "given";
        Grid grid = action.grid().text("Fact").text("Source").text("Value");
        if (living) {
            grid.row("pid", source, peer.pid().getAsInt());
        }
        grid.row("uid", source, accounts.user(peer.uid()));
        if (peer.isGidKnown()) {
            grid.row("gid", source, accounts.group(peer.gid()));
        } else {
            grid.row("gid", "not given", "");
        }
        row(grid, "groups", peer.groups(), source, ids -> groups(ids, accounts));
        Optional<PeerProcess> process = peer.process().value();
        if (process.isPresent()) {
            row(grid, "program", process.get().executable(), source, Object::toString);
            row(grid, "control group", process.get().controlGroup(), source, ControlGroup::path);
            row(grid, "ancestors", process.get().ancestors(), source, CheckReport::pids);
        } else {
            grid.row("process", "not given", "");
        }
        services.find(RoleDirectory.class)
                .ifPresent(roles ->
                        grid.row("roles", "configured", String.join(", ", new TreeSet<>(roles.rolesOf(peer)))));
        grid.print(out, "");
    }

    private static <T> void row(Grid grid, String name, Fact<T> fact, String source, Function<T, String> show) {
        if (fact.value().isPresent()) {
            grid.row(name, source, show.apply(fact.value().get()));
        } else {
            grid.row(name, source.equals("given") ? "not given" : "absent", fact.absence());
        }
    }

    private static String groups(Set<Long> ids, Accounts accounts) {
        return new TreeSet<>(ids).stream().map(accounts::group).collect(Collectors.joining(", "));
    }

    private static String pids(List<Ancestor> ancestors) {
        return ancestors.stream().map(a -> Integer.toString(a.pid())).collect(Collectors.joining(", "));
    }

    /** What each policy said, and what comes of it. */
    void decision(ListenerReport listener, AccessRequest request, Explanation explanation) {
        Decision decision = explanation.decision();
        if (action.formatted()) {
            out.println();
            out.println(action.palette().bold(TerminalText.safe(heading(listener, request))));
            listener.problem().ifPresent(problem -> out.println(TerminalText.safe("Note: " + problem)));
        }
        Grid grid = action.grid();
        if (!action.formatted()) {
            grid.text("Listener");
        }
        grid.text("Policy")
                .text("Covers")
                .toned("Verdict", CheckReport::tone)
                .text("Decides")
                .text("Reason");
        for (Opinion opinion : explanation.opinions()) {
            List<Object> cells = List.of(
                    opinion.policy(),
                    opinion.covered() ? "yes" : "no",
                    opinion.covered() ? opinion.verdict().effect().name().toLowerCase(Locale.ROOT) : "-",
                    decision.policy().equals(Optional.of(opinion.policy())) ? "yes" : "",
                    opinion.verdict().reason());
            grid.row(action.formatted() ? cells.toArray() : prepended(request.listener(), cells));
        }
        grid.print(out, "There is no policy.");
        if (action.formatted()) {
            out.println(verdict(explanation));
        }
    }

    private static Object[] prepended(Object first, List<Object> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toArray();
    }

    private static String heading(ListenerReport listener, AccessRequest request) {
        String heading = "Listener " + listener.name() + ", action " + request.action();
        return request.requiredPolicies().isEmpty() || !request.action().equals(AccessRequest.CONNECT)
                ? heading
                : heading + ", required policies " + String.join(", ", new TreeSet<>(request.requiredPolicies()));
    }

    private String verdict(Explanation explanation) {
        Decision decision = explanation.decision();
        String text = (decision.allowed() ? "Allowed" : "Denied") + by(explanation) + ": " + decision.reason();
        return action.palette().paint(decision.allowed() ? Tone.GOOD : Tone.BAD, TerminalText.safe(text));
    }

    /** A policy that abstained did not decide: it lends its reason to a refusal for want of a grant. */
    private static String by(Explanation explanation) {
        Optional<String> policy = explanation.decision().policy();
        boolean abstained = explanation.opinions().stream()
                .anyMatch(o ->
                        policy.equals(Optional.of(o.policy())) && o.verdict().effect() == Effect.ABSTAIN);
        if (abstained) {
            return ", as no policy allows it; " + policy.get() + " says";
        }
        return policy.map(id -> " by " + id).orElse("");
    }

    private static Tone tone(String verdict) {
        return switch (verdict) {
            case "allow" -> Tone.GOOD;
            case "deny" -> Tone.BAD;
            default -> Tone.PLAIN;
        };
    }
}
