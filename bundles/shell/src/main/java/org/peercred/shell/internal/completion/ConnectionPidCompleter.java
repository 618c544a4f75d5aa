/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Services;
import org.peercred.service.ListenerDirectory;

/** Processes that opened a connection. */
@Service
public final class ConnectionPidCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> pids = new HashMap<>();
        services.find(ListenerDirectory.class).stream()
                .flatMap(directory -> directory.connections().stream())
                .forEach(c -> c.pid().ifPresent(pid -> pids.put(Integer.toString(pid), "uid " + c.uid())));
        return pids;
    }
}
