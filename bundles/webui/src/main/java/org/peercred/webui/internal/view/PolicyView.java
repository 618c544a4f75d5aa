/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import java.util.TreeSet;
import org.peercred.access.PolicyReport;
import org.peercred.common.json.Json;

/** A policy as the page is told of it. */
public final class PolicyView {

    private PolicyView() {}

    /**
     * What is told.
     *
     * @param policy the policy
     * @return for {@link Json}
     */
    public static Map<String, Object> of(PolicyReport policy) {
        return Json.object(
                "policy", policy.id(),
                "state", Names.of(policy.status().state()),
                "listeners", new TreeSet<>(policy.scope().listeners()),
                "actions", new TreeSet<>(policy.scope().actions()),
                "problem", policy.status().problem());
    }
}
