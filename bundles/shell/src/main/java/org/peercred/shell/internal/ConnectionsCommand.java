/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Predicate;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.completion.ConnectionPidCompleter;
import org.peercred.shell.internal.completion.ListenerCompleter;
import org.peercred.shell.internal.completion.UserCompleter;

/** {@code peercred:connections}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "connections",
        description = "Shows the open connections, and whose they are",
        detailedDescription =
                """
                Ids are those that the kernel gave when the peer connected. A peer in a PID namespace that this container cannot \
                see has no pid here. With --no-format, Open is in seconds.

                Examples:
                  peercred:connections                       all of them
                  peercred:connections --listener echo       those on the listener echo
                  peercred:connections --uid alice           those of the user alice; --uid 1001 by number
                  peercred:connections --pid 4242            those of one process
                """)
public final class ConnectionsCommand extends PeercredAction {

    @Option(name = "--listener", aliases = "-l", description = "Only connections on this listener")
    @Completion(ListenerCompleter.class)
    private String listener;

    @Option(name = "--uid", aliases = "-u", description = "Only connections of this user, by id or name")
    @Completion(UserCompleter.class)
    private String uid;

    @Option(name = "--pid", aliases = "-p", description = "Only connections of this process", valueToShowInHelp = "")
    @Completion(ConnectionPidCompleter.class)
    private Integer pid;

    @Override
    void run(Services services, PrintStream out) throws Refusal {
        ListenerDirectory directory = services.need(ListenerDirectory.class);
        Accounts accounts = new Accounts(services);
        List<ConnectionReport> connections = directory.connections();
        List<ConnectionReport> shown =
                connections.stream().filter(filter(accounts)).toList();
        if (json()) {
            out.println(Documents.line(shown.stream()
                    .map(connection -> Documents.connection(connection, accounts))
                    .toList()));
            return;
        }
        Grid grid = grid().number("ID")
                .text("Listener")
                .number("UID")
                .text("User")
                .number("GID")
                .number("PID")
                .number("Open")
                .number("Lines");
        shown.forEach(connection -> {
            grid.row(
                    connection.id(),
                    connection.listener(),
                    connection.uid(),
                    accounts.userName(connection.uid()),
                    connection.gid(),
                    connection.pid().isPresent() ? connection.pid().getAsInt() : "-",
                    formatted()
                            ? Figures.duration(connection.open())
                            : connection.open().toSeconds(),
                    connection.lines());
        });
        grid.print(out, connections.isEmpty() ? "No connection is open." : "No open connection is like that.");
    }

    private Predicate<ConnectionReport> filter(Accounts accounts) throws Refusal {
        Predicate<ConnectionReport> filter = connection -> true;
        if (listener != null) {
            filter = filter.and(connection -> connection.listener().equals(listener));
        }
        if (uid != null) {
            long wanted = accounts.uid(uid);
            filter = filter.and(connection -> connection.uid() == wanted);
        }
        if (pid != null) {
            int wanted = pid;
            filter = filter.and(connection -> connection.pid().stream().anyMatch(p -> p == wanted));
        }
        return filter;
    }
}
