/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.reload.SettingsCheck;

/** Tells whether the configuration for web applications would be accepted. */
@Component(
        name = "org.peercred.http.check",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = ConfigurationCheck.class)
public final class HttpCheck extends SettingsCheck {

    /** Made by a container, or where there is none. */
    public HttpCheck() {
        super(HttpSettings.PID, HttpSettings.SCHEMA.known(), HttpSettings::from);
    }

    @Override
    public List<Mention> mentions(String pid, Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, pid));
        String key = HttpSettings.CONSOLE_ROLE.name();
        String role = config.contents().getOrDefault(key, "").strip();
        return role.isEmpty() ? List.of() : List.of(new Mention(Subject.ROLE, role, key, false));
    }
}
