/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RolesReport;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.shell.internal.completion.RolesCompleter;

/** {@code peercred:roles}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "roles",
        description = "Shows the roles: who has which, and on which listeners they count",
        detailedDescription =
                """
                A row is a role that a configuration org.peercred.roles~NAME gives; who has it is shown as it is written there. \
                State is that of the configuration, as peercred:policies has it; a rejected one gives no role to anybody. The last \
                column names the file, and what is wrong with it.
                Which roles somebody has on a listener is shown by peercred:check.

                Examples:
                  peercred:roles                  all of them
                  peercred:roles board            those of etc/org.peercred.roles-board.cfg
                """)
public final class RolesCommand extends PeercredAction {

    @Argument(name = "names", description = "Configurations to show; all if none is named", multiValued = true)
    @Completion(RolesCompleter.class)
    private List<String> names = List.of();

    @Override
    void run(Services services, PrintStream out) throws Refusal {
        List<RolesReport> all = services.need(RoleDirectory.class).configurations();
        List<RolesReport> shown = NameFilter.select(all, RolesReport::name, names, "configuration of roles");
        if (json()) {
            out.println(Documents.line(shown.stream().map(Documents::roles).toList()));
            return;
        }
        Grid grid = grid().text("Name")
                .toned("State", PoliciesCommand::tone)
                .text("Role")
                .text("Who has it")
                .text("Listeners")
                .text("File or problem");
        for (RolesReport roles : shown) {
            if (roles.members().isEmpty()) {
                row(grid, roles, "-", List.of());
            }
            for (Map.Entry<String, List<String>> role : roles.members().entrySet()) {
                row(grid, roles, role.getKey(), role.getValue());
            }
        }
        grid.print(out, "There are no roles; a configuration org.peercred.roles~NAME gives some.");
    }

    private static void row(Grid grid, RolesReport roles, String role, List<String> members) {
        grid.row(
                roles.name(),
                PoliciesCommand.label(roles.status().state()),
                role,
                members.isEmpty() ? "nobody" : String.join(", ", members),
                roles.listeners().isEmpty() ? "-" : String.join(", ", new TreeSet<>(roles.listeners())),
                roles.status().problem().orElse(roles.file()));
    }
}
