/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.json.Json;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.completion.ConnectionCompleter;

/** {@code peercred:disconnect}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "disconnect",
        description = "Ends open connections, after the replies that are due",
        detailedDescription =
                """
                The peer may connect again: whether it is let in is for the policies to say. Fails if one of the connections is \
                not open; the others are ended all the same.

                Examples:
                  peercred:disconnect 17
                  peercred:disconnect 17 18 19
                """)
public final class DisconnectCommand extends PeercredAction {

    @Argument(
            name = "ids",
            description = "Numbers of connections, as peercred:connections shows them",
            required = true,
            multiValued = true)
    @Completion(ConnectionCompleter.class)
    private List<Long> ids = List.of();

    @Override
    void run(Services services, PrintStream out) throws NegativeAnswer, Refusal {
        ListenerDirectory directory = services.need(ListenerDirectory.class);
        List<Long> unknown = new ArrayList<>();
        List<Object> done = new ArrayList<>();
        for (long id : ids) {
            boolean ended = directory.disconnect(id);
            done.add(Json.object("connection", id, "ended", ended));
            if (!ended) {
                unknown.add(id);
            } else if (!json()) {
                out.println("Connection " + id + " ends.");
            }
        }
        if (json()) {
            out.println(Documents.line(done));
        }
        if (!unknown.isEmpty()) {
            throw new NegativeAnswer(unknown.stream()
                    .map(id -> "No connection " + id + " is open.")
                    .collect(Collectors.joining(" ")));
        }
    }
}
