/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AccessControl;
import org.peercred.access.PolicyReport;
import org.peercred.shell.internal.Services;

/** Ids of policies. */
@Service
public final class PolicyCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        return services.find(AccessControl.class).stream()
                .flatMap(control -> control.policies().stream())
                .collect(Collectors.toMap(PolicyReport::id, policy -> "", (first, second) -> first));
    }
}
