/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import org.peercred.access.RoleDirectory;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.UnavailableException;

/** Tells who has which role as things could be. Safe to be used by any thread. */
public interface RoleAlternatives {

    /**
     * Who would have which role if a configuration took the place of the one with its PID. Changes nothing.
     *
     * @param pid the configuration's PID; there need be none
     * @param trial what it says
     * @param users resolves names; blocks as long as it does
     * @param credentials knows the daemon and the overflow ids
     * @return a directory that stays as it is, whatever becomes of the roles in force
     * @throws UnavailableException if a name is not known
     */
    RoleDirectory instead(String pid, RolesTrial trial, UserDatabase users, PeerCredentialProvider credentials)
            throws UnavailableException;

    /**
     * Who has which role now.
     *
     * @return likewise
     */
    RoleDirectory unchanged();
}
