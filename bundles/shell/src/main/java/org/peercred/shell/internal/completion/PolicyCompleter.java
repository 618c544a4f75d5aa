/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessControl;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.Findings;
import org.peercred.common.inspect.Services;

/** Ids of policies and of configurations of roles. */
@Service
public final class PolicyCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> policies = new HashMap<>();
        services.find(AccessControl.class).stream()
                .flatMap(control -> control.policies().stream())
                .forEach(policy -> policies.put(policy.id(), ""));
        services.find(RoleDirectory.class).stream()
                .flatMap(directory -> directory.configurations().stream())
                .forEach(roles -> policies.put(Findings.rolesId(roles), ""));
        return policies;
    }
}
