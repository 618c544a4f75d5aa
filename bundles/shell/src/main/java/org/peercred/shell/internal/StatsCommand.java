/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessControl;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus.State;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.json.Json;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;
import org.peercred.shell.internal.completion.ListenerCompleter;

/** {@code peercred:stats}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "stats",
        description = "Shows what the listeners have done since they were started",
        detailedDescription =
                """
                Allowed, denied and limited count connections; lines and bytes are those of connections that were let in. With \
                --no-format, sizes are in bytes and there are no totals. The same figures, and latencies, are JMX attributes of \
                org.peercred:type=Listener,name=NAME.

                Examples:
                  peercred:stats
                  peercred:stats echo
                  bin/client "peercred:stats --no-format echo" | cut -f 3       refusals so far
                """)
public final class StatsCommand extends PeercredAction {

    @Argument(name = "names", description = "Listeners to show; all if none is named", multiValued = true)
    @Completion(ListenerCompleter.class)
    private List<String> names = List.of();

    @Override
    void run(Services services, PrintStream out) throws Refusal {
        List<ListenerReport> all = services.need(ListenerDirectory.class).listeners();
        List<ListenerReport> shown = NameFilter.select(all, ListenerReport::name, names, "listener");
        if (json()) {
            out.println(Documents.line(Json.object(
                    "listeners",
                    shown.stream().map(Documents::statistics).toList(),
                    "policies",
                    services.find(AccessControl.class).map(StatsCommand::counted))));
            return;
        }
        Grid grid = grid().text("Listener")
                .number("Allowed")
                .number("Denied")
                .number("Limited")
                .number("Open")
                .number("Lines")
                .number("Received")
                .number("Sent");
        shown.forEach(listener -> add(grid, listener.name(), List.of(listener)));
        if (formatted() && shown.size() > 1) {
            add(grid, "all", shown);
        }
        grid.print(out, "There is no listener.");
        if (formatted()) {
            out.println();
            out.println(policies(services.find(AccessControl.class)));
        }
    }

    private void add(Grid grid, String name, List<ListenerReport> listeners) {
        grid.row(
                name,
                sum(listeners, Counters::allowed),
                sum(listeners, Counters::denied),
                sum(listeners, Counters::limited),
                sum(listeners, Counters::open),
                sum(listeners, Counters::lines),
                bytes(sum(listeners, Counters::received)),
                bytes(sum(listeners, Counters::sent)));
    }

    private Object bytes(long bytes) {
        return formatted() ? Figures.bytes(bytes) : bytes;
    }

    private static long sum(List<ListenerReport> listeners, ToLongFunction<Counters> figure) {
        return listeners.stream()
                .map(ListenerReport::counters)
                .mapToLong(figure)
                .sum();
    }

    private static Map<String, Object> counted(AccessControl control) {
        List<PolicyReport> policies = control.policies();
        return Json.object(
                "active", count(policies, State.ACTIVE),
                "lastGood", count(policies, State.LAST_GOOD),
                "rejected", count(policies, State.REJECTED),
                "generation", control.generation());
    }

    private static String policies(Optional<AccessControl> control) {
        if (control.isEmpty()) {
            return "Policies: none, and nobody is let in. " + Services.missing(AccessControl.class);
        }
        List<PolicyReport> policies = control.get().policies();
        return "Policies: %d active, %d with their last good configuration, %d rejected; generation %d."
                .formatted(
                        count(policies, State.ACTIVE),
                        count(policies, State.LAST_GOOD),
                        count(policies, State.REJECTED),
                        control.get().generation());
    }

    private static long count(List<PolicyReport> policies, State state) {
        return policies.stream().filter(p -> p.status().state() == state).count();
    }
}
