/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The echo service's keys as configuration tools show them. What is read is the raw map, by {@link EchoService}. */
@ObjectClassDefinition(name = "Peercred echo service", description = "Sends each line back.")
@interface EchoConfiguration {

    @AttributeDefinition(
            name = "Prefix",
            description =
                    "What stands before each line that is sent back: one line of at most 1024 bytes in UTF-8; may be empty. A"
                            + " blank at its end is easily lost: \\u0020 stands for one in a file.",
            required = false)
    String prefix() default "> ";
}
