/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The console's keys as configuration tools show them. What is read is the raw map, by {@link ConsoleSettings}. */
@ObjectClassDefinition(name = "Peercred console", description = "Karaf's console over a socket.")
@interface ConsoleConfiguration {

    @AttributeDefinition(
            name = "Encoding",
            description =
                    "The character set of what is typed and printed, by the name that Java has for it, for clients that do not name one in"
                            + " LC_ALL, LC_CTYPE or LANG, and for line mode.",
            required = false)
    String encoding() default "UTF-8";

    @AttributeDefinition(
            name = "Banner",
            description =
                    "Whether an interactive session begins with a line that says who one is: name, uid and roles.",
            required = false)
    boolean banner() default true;
}
