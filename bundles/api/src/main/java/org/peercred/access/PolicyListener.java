/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import org.osgi.annotation.versioning.ConsumerType;

/** Published as a service to be told when decisions may have changed. */
@ConsumerType
public interface PolicyListener {

    /**
     * Decisions made in an earlier generation may no longer hold. Called by the thread that made the change, after it took
     * effect: must not block.
     *
     * @param generation the new generation
     */
    void policiesChanged(long generation);
}
