/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.Map;
import org.peercred.access.PolicyStatus;
import org.peercred.access.RolesReport;

/**
 * What one configuration of roles says.
 *
 * @param name the configuration's name
 * @param roles who has which role
 * @param status which configuration is in force
 */
record RoleEntry(String name, Map<String, RoleMembers> roles, PolicyStatus status) {

    RolesReport report() {
        return new RolesReport(name, roles.keySet(), status);
    }
}
