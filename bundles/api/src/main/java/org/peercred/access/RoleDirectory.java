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
     * The roles that a peer has on a listener, as configured now.
     *
     * @param peer the peer; its groups are read if a role depends on them, on the calling thread: for an open connection that has to
     *     be its loop, and {@link org.peercred.service.PeerConnection#roles()} sees to that
     * @param listener the name of the listener that it is connected to
     * @return names of roles, possibly none; unmodifiable
     */
    Set<String> rolesOf(Peer peer, String listener);

    /**
     * The configurations that say so.
     *
     * @return by name
     */
    default List<RolesReport> configurations() {
        return List.of();
    }
}
