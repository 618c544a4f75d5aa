/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.Optional;
import java.util.regex.Pattern;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Schema;
import org.peercred.common.config.UnusableValueException;
import org.peercred.http.internal.token.TokenLogin.WantedRealm;

/**
 * What counts for all web applications.
 *
 * @param consoleRole the role that the web console asks for
 * @param realm the realm that takes tokens; empty for none
 * @param proxyRole the role of those who say for whom they forward requests; empty if nobody does
 */
record HttpSettings(String consoleRole, Optional<WantedRealm> realm, Optional<String> proxyRole) {

    static final String PID = "org.peercred.http";

    static final Schema SCHEMA = new Schema();

    /** Without a configuration. */
    static final HttpSettings USUAL = new HttpSettings("admin", Optional.empty(), Optional.empty());

    private static final Pattern ROLE = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,63}");

    static final Key<String> CONSOLE_ROLE =
            SCHEMA.add(Keys.text("console.role", USUAL.consoleRole()).as(HttpSettings::role));

    private static final Key<Optional<String>> JAAS_REALM =
            SCHEMA.add(Keys.text("jaas.realm", "").optional());

    private static final Key<Optional<String>> FORWARD =
            SCHEMA.add(Keys.text("forward", "").as(HttpSettings::role).optional());

    static HttpSettings from(Config config) throws ConfigException {
        Problems problems = new Problems();
        String role = problems.read(config, CONSOLE_ROLE);
        Optional<String> realm = problems.read(config, JAAS_REALM);
        Optional<String> proxyRole = problems.read(config, FORWARD);
        problems.end();
        return new HttpSettings(role, realm.map(name -> wanted(config, name)), proxyRole);
    }

    private static WantedRealm wanted(Config config, String name) {
        String missing = config.invalid(JAAS_REALM, name, "there is no realm of that name")
                .getMessage();
        return new WantedRealm(name, missing);
    }

    private static String role(String name) throws UnusableValueException {
        if (!ROLE.matcher(name).matches()) {
            throw new UnusableValueException("it must be the name of one role");
        }
        return name;
    }
}
