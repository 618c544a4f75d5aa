/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Map;
import java.util.Set;
import org.peercred.credentials.Peer;

/** What all connections to the command service share. */
interface CommandDesk {

    /** The commands by name, but for those of the service itself, as they are now. */
    Map<String, RegisteredCommand> commands();

    /**
     * A peer's roles.
     *
     * @param peer the peer, on its connection's loop
     * @return none while there is nobody to tell
     */
    Set<String> rolesOf(Peer peer);

    /** Where commands are recorded. */
    CommandAudit audit();

    /** Where commands run. */
    CommandThreads threads();
}
