/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.reload.SettingsCheck;

/** Tells whether the configuration of the echo service would be accepted. */
@Component(
        name = "org.peercred.echo.check",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = ConfigurationCheck.class)
public final class EchoCheck extends SettingsCheck {

    /** Made by a container, or where there is none. */
    public EchoCheck() {
        super(EchoService.PID, EchoService.SCHEMA.known(), EchoService.PREFIX::in);
    }
}
