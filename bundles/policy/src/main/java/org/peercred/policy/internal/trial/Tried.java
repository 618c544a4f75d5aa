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
import org.peercred.access.RoleForecast;

/**
 * A configuration that was tried.
 *
 * @param pid its PID
 * @param result what there is to say of it
 * @param changes in what it differs from the one in force
 * @param outlook what would come of it
 */
record Tried(String pid, Result result, List<Change> changes, Outlook outlook) implements Proposal {

    @Override
    public List<String> effects() {
        return outlook.effects();
    }

    @Override
    public boolean keysOnly() {
        return outlook.keysOnly();
    }

    @Override
    public Optional<AccessControl> access() {
        return outlook.access();
    }

    @Override
    public Optional<RoleForecast> roles() {
        return outlook.roles();
    }

    @Override
    public void close() {
        outlook.release().run();
    }
}
