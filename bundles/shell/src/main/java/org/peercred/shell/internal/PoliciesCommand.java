/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessControl;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.Findings;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.shell.internal.Palette.Tone;
import org.peercred.shell.internal.completion.PolicyCompleter;

/** {@code peercred:policies}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "policies",
        description = "Shows the policies: what they cover, and which of their configurations is in force",
        detailedDescription =
                """
                State is "active"; "last good": the newest configuration was rejected, the one before is in force; or "rejected": \
                no configuration could be understood, and the policy denies all it covers. The last column says why.
                "Not in force": a file that nobody reads, or that Karaf did not take in; peercred:doctor says what to do about it.
                Configurations of roles, on which policies may rest, are listed with them; a rejected one gives no role to anybody. \
                What they give is shown by peercred:roles.
                What a policy says of somebody is shown by peercred:check.

                Examples:
                  peercred:policies                 all of them
                  peercred:policies uid~team        one of them
                """)
public final class PoliciesCommand extends PeercredAction {

    @Argument(name = "ids", description = "Policies to show; all if none is named", multiValued = true)
    @Completion(PolicyCompleter.class)
    private List<String> ids = List.of();

    /** A policy or a configuration of roles. */
    private record Row(String id, Set<String> listeners, Set<String> actions, PolicyStatus status) {}

    @Override
    void run(Services services, PrintStream out) throws Refusal {
        List<Row> shown = NameFilter.select(rows(services), Row::id, ids, "policy");
        List<String> files = ids.isEmpty() ? fileProblems(services) : List.of();
        if (json()) {
            out.println(Documents.line(Stream.concat(
                            shown.stream().map(PoliciesCommand::document),
                            files.stream().map(PoliciesCommand::notInForce))
                    .toList()));
            return;
        }
        Grid grid = grid().text("Policy")
                .toned("State", PoliciesCommand::tone)
                .text("Listeners")
                .text("Actions")
                .text("Because");
        for (Row row : shown) {
            grid.row(
                    row.id(),
                    label(row.status().state()),
                    list(row.listeners()),
                    list(row.actions()),
                    row.status().problem().orElse(""));
        }
        files.forEach(problem -> grid.row("-", "not in force", "-", "-", problem));
        grid.print(out, "There is no policy, so nobody is let in; a configuration org.peercred.policy.KIND makes one.");
    }

    private static Map<String, Object> document(Row row) {
        PolicyStatus status = row.status();
        return Documents.policy(
                Optional.of(row.id()),
                Documents.state(status.state()),
                row.listeners(),
                row.actions(),
                status.problem());
    }

    private static Map<String, Object> notInForce(String problem) {
        return Documents.policy(Optional.empty(), "not-in-force", Set.of(), Set.of(), Optional.of(problem));
    }

    /** Files of policies and roles that are not in force as they are, but for those whose policies say so themselves. */
    private static List<String> fileProblems(Services services) throws Refusal {
        List<String> said = rows(services).stream()
                .flatMap(row -> row.status().problem().stream())
                .toList();
        return Stream.of(Area.POLICY, Area.ROLES)
                .flatMap(area -> Findings.of(services, area, said).stream())
                .map(Finding::problem)
                .toList();
    }

    private static List<Row> rows(Services services) throws Refusal {
        List<Row> rows = new ArrayList<>();
        for (PolicyReport policy : services.need(AccessControl.class).policies()) {
            PolicyScope scope = policy.scope();
            rows.add(new Row(policy.id(), scope.listeners(), scope.actions(), policy.status()));
        }
        services.find(RoleDirectory.class).stream()
                .flatMap(directory -> directory.configurations().stream())
                .forEach(roles ->
                        rows.add(new Row(Findings.rolesId(roles), roles.listeners(), Set.of(), roles.status())));
        return rows;
    }

    static String label(PolicyStatus.State state) {
        return switch (state) {
            case ACTIVE -> "active";
            case LAST_GOOD -> "last good";
            case REJECTED -> "rejected";
        };
    }

    static Tone tone(String label) {
        return switch (label) {
            case "active" -> Tone.GOOD;
            case "rejected" -> Tone.BAD;
            default -> Tone.WARNING;
        };
    }

    private static String list(Set<String> names) {
        return names.isEmpty() ? "-" : String.join(", ", new TreeSet<>(names));
    }
}
