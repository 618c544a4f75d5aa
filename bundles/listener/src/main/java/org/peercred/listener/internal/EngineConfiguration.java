/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The engine's keys as configuration tools show them. What is read is the raw map, by {@link Engine}. */
@ObjectClassDefinition(name = "Peercred listener engine", description = "What all listeners of the container share.")
@interface EngineConfiguration {

    @AttributeDefinition(
            name = "Event loops",
            description =
                    "Threads that accept and serve connections, 1 to 64. One is enough for most machines. Fewer than before"
                            + " take new connections at once; those of the others end where they are.",
            min = "1",
            max = "64",
            required = false)
    int loops() default 1;

    @AttributeDefinition(
            name = "Polling before sleep",
            description =
                    "adaptive: while a single client waits for each answer and asks again at once, a loop polls for up to 50"
                            + " microseconds before it sleeps, which answers sooner; an idle loop never does. off: never.",
            options = {@Option(label = "adaptive", value = "adaptive"), @Option(label = "off", value = "off")},
            required = false)
    String spin() default "adaptive";
}
