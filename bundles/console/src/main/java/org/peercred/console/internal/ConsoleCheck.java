/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.reload.SettingsCheck;

/** Tells whether the configuration of the console would be accepted. */
@Component(
        name = "org.peercred.console.check",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = ConfigurationCheck.class)
public final class ConsoleCheck extends SettingsCheck {

    /** Made by a container, or where there is none. */
    public ConsoleCheck() {
        super(ConsoleService.PID, ConsoleSettings.SCHEMA.known(), ConsoleSettings::from);
    }
}
