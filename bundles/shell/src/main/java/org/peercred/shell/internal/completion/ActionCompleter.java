/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessRequest;
import org.peercred.service.PeerCommand;
import org.peercred.shell.internal.Services;

/** Actions: to connect, and to run each of the commands that there are. */
@Service
public final class ActionCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> actions = new HashMap<>();
        actions.put(AccessRequest.CONNECT, "open a connection");
        for (PeerCommand command : services.all(PeerCommand.class)) {
            actions.put(AccessRequest.command(command.name()), command.description());
        }
        return actions;
    }
}
