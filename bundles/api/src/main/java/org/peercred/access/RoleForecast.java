/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.peercred.credentials.Peer;

/** Tells who would have other roles by a configuration that is not in force. May be used by any thread. */
@ProviderType
public interface RoleForecast {

    /**
     * What would be different for a peer.
     *
     * @param gained roles that it would have and has not
     * @param lost roles that it has and would not have
     * @param granted what policies would grant it by its roles and do not grant now, each as {@code POLICY: COMMAND} or {@code POLICY: RULE}
     * @param withdrawn what they grant now and would not grant, likewise
     */
    record Change(Set<String> gained, Set<String> lost, List<String> granted, List<String> withdrawn) {

        /** Takes copies. */
        public Change {
            gained = Set.copyOf(gained);
            lost = Set.copyOf(lost);
            granted = List.copyOf(granted);
            withdrawn = List.copyOf(withdrawn);
        }

        /**
         * Whether nothing would be different.
         *
         * @return true if the peer would have the roles that it has
         */
        public boolean isEmpty() {
            return gained.isEmpty() && lost.isEmpty();
        }
    }

    /**
     * Compares the roles of a peer.
     *
     * @param peer the peer; its groups are read if a role depends on them, on the calling thread: for an open connection that has to be
     *     its loop
     * @param listener the name of the listener that it is connected to
     * @return in what they differ
     */
    Change of(Peer peer, String listener);
}
