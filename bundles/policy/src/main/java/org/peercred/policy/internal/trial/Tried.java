/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.util.List;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.ConfigurationCheck.Result;
import org.peercred.access.Proposal;

/**
 * A configuration that was tried.
 *
 * @param pid its PID
 * @param result what there is to say of it
 * @param changes in what it differs from the one in force
 * @param access decides as if it were in force
 * @param release gives back what that holds
 */
record Tried(String pid, Result result, List<Change> changes, Optional<AccessControl> access, Runnable release)
        implements Proposal {

    @Override
    public void close() {
        release.run();
    }
}
