/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessControl;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus;
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
                What a policy says of somebody is shown by peercred:check.

                Examples:
                  peercred:policies                 all of them
                  peercred:policies uid~team        one of them
                """)
public final class PoliciesCommand extends PeercredAction {

    @Argument(name = "ids", description = "Policies to show; all if none is named", multiValued = true)
    @Completion(PolicyCompleter.class)
    private List<String> ids = List.of();

    @Override
    void run(Services services, PrintStream out) throws Refusal {
        List<PolicyReport> policies = services.need(AccessControl.class).policies();
        Grid grid = grid().text("Policy")
                .toned("State", PoliciesCommand::tone)
                .text("Listeners")
                .text("Actions")
                .text("Because");
        for (PolicyReport policy : Named.among(policies, PolicyReport::id, ids, "policy")) {
            grid.row(
                    policy.id(),
                    label(policy.status().state()),
                    list(policy.scope().listeners()),
                    list(policy.scope().actions()),
                    policy.status().problem().orElse(""));
        }
        grid.print(out, "There is no policy, so nobody is let in; a configuration org.peercred.policy.KIND makes one.");
    }

    /** What a state is called. */
    static String label(PolicyStatus.State state) {
        return switch (state) {
            case ACTIVE -> "active";
            case LAST_GOOD -> "last good";
            case REJECTED -> "rejected";
        };
    }

    private static Tone tone(String label) {
        return switch (label) {
            case "active" -> Tone.GOOD;
            case "rejected" -> Tone.BAD;
            default -> Tone.WARNING;
        };
    }

    private static String list(Set<String> names) {
        return String.join(", ", new TreeSet<>(names));
    }
}
