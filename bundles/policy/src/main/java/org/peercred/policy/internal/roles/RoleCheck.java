/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.regex.Pattern;
import org.peercred.credentials.Peer;

/** Tells who has which role. Safe to be used by any thread. */
public interface RoleCheck {

    /** What a role may be called. */
    Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,63}");

    /**
     * Whether a peer has a role on a listener now. Allocates nothing, unless groups have to be asked for.
     *
     * @param peer the peer, on its connection's loop
     * @param listener the name of the listener
     * @param role the role
     * @return true if some configuration says so
     */
    boolean has(Peer peer, String listener, String role);
}
