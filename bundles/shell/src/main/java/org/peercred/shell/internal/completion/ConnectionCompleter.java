/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Services;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerDirectory;

/** Numbers of open connections. */
@Service
public final class ConnectionCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        return services.find(ListenerDirectory.class).stream()
                .flatMap(directory -> directory.connections().stream())
                .collect(Collectors.toMap(c -> Long.toString(c.id()), ConnectionCompleter::description));
    }

    private static String description(ConnectionReport connection) {
        return "uid " + connection.uid() + " on " + connection.listener();
    }
}
