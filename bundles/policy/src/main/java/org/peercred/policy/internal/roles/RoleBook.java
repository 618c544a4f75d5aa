/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

/** The roles of all configurations together. Safe to be used by any thread. */
interface RoleBook {

    /**
     * Takes in what a configuration says, in place of what it said before.
     *
     * @param configuration stands for the configuration
     * @param entry what it says
     * @return whether anybody may have got or lost a role
     */
    boolean put(Object configuration, RoleEntry entry);

    /**
     * Forgets a configuration.
     *
     * @param configuration stands for it
     * @return whether anybody may have lost a role
     */
    boolean remove(Object configuration);
}
