/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.List;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessPolicy;

/** Decides as things could be. Safe to be used by any thread. */
public interface Alternatives {

    /**
     * What would decide if a policy took the place of the one that a configuration has made. Changes nothing.
     *
     * @param pid the configuration's PID; there need be none
     * @param policy the policy, looked at now
     * @return an access control that stays as it is, whatever becomes of the policies in force
     */
    AccessControl instead(String pid, AccessPolicy policy);

    /**
     * What decides now.
     *
     * @return an access control that stays as it is, whatever becomes of the policies in force
     */
    AccessControl unchanged();

    /**
     * What policies grant by role now.
     *
     * @return one entry a policy, by id; none for policies of other bundles
     */
    List<RoleUse> roleUses();
}
