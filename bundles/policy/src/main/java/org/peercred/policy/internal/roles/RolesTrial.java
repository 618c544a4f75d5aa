/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.Map;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.UnavailableException;

/**
 * A configuration of roles that is read and not put in force.
 *
 * @param list what it says
 */
public record RolesTrial(RoleList list) {

    /**
     * Reads it, asking nobody.
     *
     * @param properties the configuration
     * @return what it means
     * @throws ConfigException if it would be rejected, with all that is wrong with it
     */
    public static RolesTrial of(Map<String, ?> properties) throws ConfigException {
        return new RolesTrial(
                RoleList.read(new Config(properties, ConfigSource.of(properties, RolesConfiguration.PID))));
    }

    /**
     * Asks for the names in it.
     *
     * @param users whom to ask; blocks as long as they do
     * @param credentials knows the daemon and the overflow ids
     * @return what it gives
     * @throws UnavailableException if a name is not known
     */
    RoleGrants grants(UserDatabase users, PeerCredentialProvider credentials) throws UnavailableException {
        RoleList.Resolved resolved = RoleList.resolver(users, credentials).resolve(list, Map.of(), true);
        if (resolved.problem().isPresent()) {
            throw new UnavailableException(resolved.problem().get());
        }
        return resolved.grants();
    }
}
