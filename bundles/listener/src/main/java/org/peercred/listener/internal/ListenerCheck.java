/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.reload.SettingsCheck;

/** Tells whether configurations of listeners would be accepted. */
@Component(
        name = "org.peercred.listener.check",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = ConfigurationCheck.class)
public final class ListenerCheck extends SettingsCheck {

    /** Made by a container, or where there is none. */
    public ListenerCheck() {
        super(ListenerSettings.PID, ListenerSettings::warnings, ListenerSettings::from);
    }
}
