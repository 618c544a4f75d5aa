/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.peercred.credentials.Peer;

/** Who has which role, by the configurations {@code org.peercred.roles~NAME}. May be called by several threads at once. */
@ProviderType
public interface RoleDirectory {

    /**
     * The roles of a peer, as configured now.
     *
     * @param peer the peer; its groups are read if a role depends on them, so call this on the connection's loop
     * @return names of roles, possibly none
     */
    Set<String> rolesOf(Peer peer);

    /**
     * The configurations that say so.
     *
     * @return by name
     */
    default List<RolesReport> configurations() {
        return List.of();
    }
}
