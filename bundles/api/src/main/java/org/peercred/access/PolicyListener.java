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
     * Decisions made in an earlier generation may no longer hold. Called after the change took effect, by the thread that made it
     * or one that made another at the same time: must not block. A listener is told each generation at most once, in growing
     * order, and the present one when it appears; of several changes in a row it may be told the last alone.
     *
     * @param generation the new generation
     */
    void policiesChanged(long generation);
}
