/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.common.inspect.Findings;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.shell.internal.Palette.Tone;
import org.peercred.shell.internal.completion.ListenerCompleter;

/** {@code peercred:listeners}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "listeners",
        description = "Shows the listeners: their sockets, and what is wrong with one that does not serve",
        detailedDescription =
                """
                State is "listening", or "trouble" with the reason in the last column. Allowed, denied and limited are counted \
                since the listener was started. A row without a name is a file that is not in force; peercred:doctor says what to do about it.

                Examples:
                  peercred:listeners            all of them
                  peercred:listeners echo       the one named echo
                """)
public final class ListenersCommand extends PeercredAction {

    private static final String TROUBLE = "trouble";

    @Argument(name = "names", description = "Listeners to show; all if none is named", multiValued = true)
    @Completion(ListenerCompleter.class)
    private List<String> names = List.of();

    @Override
    void run(Services services, PrintStream out) throws Refusal {
        List<ListenerReport> listeners = services.need(ListenerDirectory.class).listeners();
        List<ListenerReport> shown = NameFilter.select(listeners, ListenerReport::name, names, "listener");
        List<Finding> files = names.isEmpty() ? Findings.of(services, Area.LISTENER, List.of()) : List.of();
        if (json()) {
            out.println(Documents.line(Stream.concat(
                            shown.stream().map(Documents::listener),
                            files.stream().map(Documents::notAListener))
                    .toList()));
            return;
        }
        Grid grid = grid().text("Name")
                .toned("State", state -> state.equals(TROUBLE) ? Tone.BAD : Tone.GOOD)
                .text("Socket")
                .number("Open")
                .number("Allowed")
                .number("Denied")
                .number("Limited")
                .text("Problem");
        for (ListenerReport listener : shown) {
            grid.row(
                    listener.name(),
                    listener.problem().isPresent() ? TROUBLE : "listening",
                    listener.path(),
                    listener.counters().open(),
                    listener.counters().allowed(),
                    listener.counters().denied(),
                    listener.counters().limited(),
                    listener.problem().orElse(""));
        }
        files.forEach(finding -> grid.row("-", TROUBLE, "-", 0, 0, 0, 0, finding.problem()));
        grid.print(out, "There is no listener; a configuration org.peercred.listener~NAME makes one.");
    }
}
