/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.reload.SettingsCheck;

/** Tells whether the configuration of the audit would be accepted. */
@Component(
        name = "org.peercred.audit.check",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = ConfigurationCheck.class)
public final class AuditCheck extends SettingsCheck {

    /** Made by a container, or where there is none. */
    public AuditCheck() {
        super(Audit.PID, AuditSettings.SCHEMA.known(), AuditSettings::from);
    }
}
