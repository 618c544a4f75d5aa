/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;
import java.util.Set;

/**
 * A configuration of roles as it stands.
 *
 * @param name its name
 * @param roles the roles that it gives to somebody now; none if it is rejected
 * @param status which configuration is in force
 */
public record RolesReport(String name, Set<String> roles, PolicyStatus status) {

    /** Checks that nothing is null, and takes a copy. */
    public RolesReport {
        Objects.requireNonNull(name);
        roles = Set.copyOf(roles);
        Objects.requireNonNull(status);
    }
}
