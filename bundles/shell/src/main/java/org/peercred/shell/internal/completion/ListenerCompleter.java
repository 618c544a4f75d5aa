/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Services;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;

/** Names of listeners. */
@Service
public final class ListenerCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        return services.find(ListenerDirectory.class).stream()
                .flatMap(directory -> directory.listeners().stream())
                .collect(Collectors.toMap(ListenerReport::name, ListenerReport::path, (first, second) -> first));
    }
}
