/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The engine's keys as configuration tools show them. What is read is the raw map, by {@link EngineComponent}. */
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
                            + " microseconds before it sleeps, and so does a thread that serves a web application, which answers sooner;"
                            + " an idle one never does. off: never.",
            options = {@Option(label = "adaptive", value = "adaptive"), @Option(label = "off", value = "off")},
            required = false)
    String spin() default "adaptive";

    @AttributeDefinition(
            name = "Bytes kept for all",
            description =
                    "The most bytes that are kept for all connections together: replies that clients have not taken, pieces of"
                            + " lines, lines whose answer is to come. When there are more, the connections for which most is"
                            + " kept are ended, of the user for whom most is kept. 64 KiB to 2 GiB; not set: an eighth of the"
                            + " heap.",
            required = false)
    String write_buffer_total() default "";

    @AttributeDefinition(
            name = "Bytes kept for one user",
            description =
                    "The same for the connections of one user together, on all listeners. 64 KiB to 2 GiB; not set: half of"
                            + " what may be kept for all. A quarter of it is the most that counts of a listener's write buffer.",
            required = false)
    String write_buffer_per_uid() default "";

    @AttributeDefinition(
            name = "Threads",
            description =
                    "The most threads that all services together have for work on behalf of clients, 1 to 32768: one for each"
                            + " stream connection, one for each running command. Who needs one more is told so.",
            min = "1",
            max = "32768",
            required = false)
    int max_threads() default 512;
}
