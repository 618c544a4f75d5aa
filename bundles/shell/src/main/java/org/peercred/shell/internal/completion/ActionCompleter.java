/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.common.inspect.Services;
import org.peercred.service.PeerCommand;

/** Actions: to connect, and to run each of the commands that there are or that a policy names. */
@Service
public final class ActionCompleter extends Choices {

    private static final String COMMAND = AccessRequest.command("");

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> actions = new HashMap<>();
        actions.put(AccessRequest.CONNECT, "open a connection");
        services.find(AccessControl.class).stream()
                .flatMap(control -> control.policies().stream())
                .flatMap(policy -> policy.scope().actions().stream())
                .filter(action -> action.startsWith(COMMAND) && !action.equals(COMMAND + "*"))
                .forEach(action -> actions.put(action, "a policy names it"));
        for (PeerCommand command : services.all(PeerCommand.class)) {
            actions.put(AccessRequest.command(command.name()), command.description());
        }
        return actions;
    }
}
