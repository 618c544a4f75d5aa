/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.regex.Pattern;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Schema;
import org.peercred.common.config.UnusableValueException;

/**
 * What counts for all web applications.
 *
 * @param consoleRole the role that the web console asks for
 */
record HttpSettings(String consoleRole) {

    static final String PID = "org.peercred.http";

    static final Schema SCHEMA = new Schema(WebConsoleAccess.OURS, "others.target");

    /** Without a configuration. */
    static final HttpSettings USUAL = new HttpSettings("admin");

    private static final Pattern ROLE = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,63}");

    private static final Key<String> CONSOLE_ROLE =
            SCHEMA.add(Keys.text("console.role", USUAL.consoleRole()).as(HttpSettings::role));

    static HttpSettings from(Config config) throws ConfigException {
        Problems problems = new Problems();
        String role = problems.read(config, CONSOLE_ROLE);
        problems.end();
        return new HttpSettings(role);
    }

    private static String role(String name) throws UnusableValueException {
        if (!ROLE.matcher(name).matches()) {
            throw new UnusableValueException("it must be the name of one role");
        }
        return name;
    }
}
