/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import java.util.TreeSet;
import org.peercred.access.RolesReport;
import org.peercred.common.json.Json;

/** A configuration of roles as the page is told of it. */
public final class RolesView {

    private RolesView() {}

    /**
     * What is told.
     *
     * @param roles the configuration
     * @return for {@link Json}
     */
    public static Map<String, Object> of(RolesReport roles) {
        return Json.object(
                "roles", roles.name(),
                "state", Names.of(roles.status().state()),
                "file", roles.file(),
                "listeners", new TreeSet<>(roles.listeners()),
                "members", roles.members(),
                "problem", roles.status().problem());
    }
}
