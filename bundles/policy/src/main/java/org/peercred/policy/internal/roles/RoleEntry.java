/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import org.peercred.access.PolicyStatus;
import org.peercred.access.RolesReport;

/**
 * What one configuration of roles says.
 *
 * @param pid the configuration's PID
 * @param name the configuration's name
 * @param file where it is written
 * @param grants who has which role, and where
 * @param status which configuration is in force
 */
record RoleEntry(String pid, String name, String file, RoleGrants grants, PolicyStatus status) {

    /** The same configuration, giving other roles. */
    RoleEntry with(RoleGrants newGrants, PolicyStatus newStatus) {
        return new RoleEntry(pid, name, file, newGrants, newStatus);
    }

    RolesReport report() {
        return new RolesReport(name, file, grants.listeners(), grants.texts(), status);
    }
}
