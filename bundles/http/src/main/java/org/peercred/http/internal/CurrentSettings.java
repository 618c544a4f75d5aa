/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.common.reload.LastGood;
import org.peercred.http.internal.token.TokenLogin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is configured for all web applications, as it is now. Safe to be used by any thread. */
@Component(name = "org.peercred.http", configurationPid = HttpSettings.PID, service = CurrentSettings.class)
@Designate(ocd = HttpConfiguration.class)
public final class CurrentSettings {

    private static final Logger LOG = LoggerFactory.getLogger(CurrentSettings.class);

    private final LastGood<HttpSettings> newest =
            new LastGood<>(HttpSettings.PID, HttpSettings.SCHEMA.known(), HttpSettings::from, LOG);
    private final TokenLogin login = new TokenLogin();
    private volatile HttpSettings settings = HttpSettings.USUAL;

    /**
     * Reads the first configuration.
     *
     * @param properties the configuration
     */
    @Activate
    public CurrentSettings(Map<String, ?> properties) {
        configure(properties);
    }

    @Modified
    void configure(Map<String, ?> properties) {
        newest.take(properties, () -> "The web applications stay as they were.").ifPresent(this::use);
    }

    private void use(HttpSettings now) {
        settings = now;
        login.want(now.realm());
    }

    /** The role that the web console asks for. */
    String consoleRole() {
        return settings.consoleRole();
    }

    /** The role of reverse proxies, if there are any. */
    Optional<String> proxyRole() {
        return settings.proxyRole();
    }

    /** Where applications get tokens from, if the configuration says so. */
    TokenLogin login() {
        return login;
    }
}
