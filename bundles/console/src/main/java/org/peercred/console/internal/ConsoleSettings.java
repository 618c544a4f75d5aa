/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Schema;
import org.peercred.common.config.UnusableValueException;
import org.peercred.service.PeercredConstants;

/**
 * How the console talks.
 *
 * @param encoding the character set of clients that do not name one
 * @param banner whether an interactive session begins with a line that says who one is
 */
public record ConsoleSettings(Charset encoding, boolean banner) {

    /** Without a configuration. */
    public static final ConsoleSettings USUAL = new ConsoleSettings(StandardCharsets.UTF_8, true);

    static final Schema SCHEMA = new Schema(PeercredConstants.SERVICE);

    private static final Key<Charset> ENCODING =
            SCHEMA.add(Keys.text("encoding", "UTF-8").as(ConsoleSettings::charset));
    private static final Key<Boolean> BANNER = SCHEMA.add(Keys.flag("banner", true));

    static ConsoleSettings from(Config config) throws ConfigException {
        Problems problems = new Problems();
        Charset encoding = problems.read(config, ENCODING);
        boolean banner = problems.read(config, BANNER);
        problems.end();
        return new ConsoleSettings(encoding, banner);
    }

    private static Charset charset(String name) throws UnusableValueException {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UnusableValueException("it must be the name of a character set that Java knows, such as UTF-8");
        }
    }
}
