/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RolesReport;
import org.peercred.common.inspect.Services;

/** Names of configurations of roles. */
@Service
public final class RolesCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        return services.find(RoleDirectory.class).stream()
                .flatMap(directory -> directory.configurations().stream())
                .collect(Collectors.toMap(
                        RolesReport::name, roles -> String.join(", ", roles.roles()), (first, second) -> first));
    }
}
