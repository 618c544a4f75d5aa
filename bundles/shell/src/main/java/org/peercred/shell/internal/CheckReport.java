/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Outcome;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.common.text.ForeignText;
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
    private final boolean all;

    /**
     * Prints nothing yet.
     *
     * @param out where to
     * @param action knows how it is to look
     * @param all whether also what stands in nobody's way is shown: policies that do not cover a request, directories
     */
    CheckReport(PrintStream out, PeercredAction action, boolean all) {
        this.out = out;
        this.action = action;
        this.all = all;
    }

    /** Who is checked, and where each fact comes from. */
    void facts(SupposedPeer peer, Accounts accounts) {
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
            grid.row("gid", peer.sources().gid(), accounts.group(peer.gid()));
        } else {
            grid.row("gid", "not known", "");
        }
        row(grid, "groups", peer.groups(), peer.sources().groups(), ids -> groups(ids, accounts));
        Optional<PeerProcess> process = peer.process().value();
        if (process.isPresent()) {
            row(grid, "program", process.get().executable(), source, Object::toString);
            row(grid, "control group", process.get().controlGroup(), source, ControlGroup::path);
            row(grid, "ancestors", process.get().ancestors(), source, CheckReport::pids);
        } else {
            grid.row("process", "not given", "");
        }
        grid.print(out, "");
    }

    private static <T> void row(Grid grid, String name, Fact<T> fact, String source, Function<T, String> show) {
        if (fact.value().isPresent()) {
            grid.row(name, source, show.apply(fact.value().get()));
        } else {
            grid.row(name, "not known", fact.absence());
        }
    }

    private static String groups(Set<Long> ids, Accounts accounts) {
        return new TreeSet<>(ids).stream().map(accounts::group).collect(Collectors.joining(", "));
    }

    private static String pids(List<Ancestor> ancestors) {
        return ancestors.stream().map(a -> Integer.toString(a.pid())).collect(Collectors.joining(", "));
    }

    /** What each place on the way to the socket and each policy said, and what comes of it. */
    void outcome(ListenerReport listener, Outcome outcome, Set<String> roles) {
        if (action.formatted()) {
            out.println();
            out.println(action.palette().bold(ForeignText.escape(heading(listener, outcome))));
            if (!roles.isEmpty()) {
                out.println("Roles here: " + String.join(", ", new TreeSet<>(roles)));
            }
            listener.problem().ifPresent(problem -> out.println(ForeignText.escape("Note: " + problem)));
        }
        Grid grid = action.grid();
        if (!action.formatted()) {
            grid.text("Listener");
        }
        grid.text("Step")
                .text("What")
                .toned("Verdict", CheckReport::tone)
                .text("Decides")
                .text("Reason");
        outcome.rows(all).forEach(row -> row(grid, listener, row));
        grid.print(out, "There is no policy.");
        if (action.formatted()) {
            Tone tone = outcome.allowed() ? Tone.GOOD : Tone.BAD;
            out.println(action.palette().paint(tone, ForeignText.escape(outcome.sentence())));
        }
    }

    private void row(Grid grid, ListenerReport listener, Outcome.Row row) {
        List<Object> cells = List.of(row.step(), row.what(), row.verdict(), row.decides() ? "yes" : "", row.reason());
        grid.row(action.formatted() ? cells.toArray() : prepended(listener.name(), cells));
    }

    private static Object[] prepended(Object first, List<Object> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toArray();
    }

    private static String heading(ListenerReport listener, Outcome outcome) {
        String heading = "Listener " + listener.name() + ", action " + outcome.action();
        return listener.requiredPolicies().isEmpty()
                ? heading
                : heading + ", required policies " + String.join(", ", new TreeSet<>(listener.requiredPolicies()));
    }

    private static Tone tone(String verdict) {
        return switch (verdict) {
            case "allow" -> Tone.GOOD;
            case "deny" -> Tone.BAD;
            default -> Tone.PLAIN;
        };
    }
}
