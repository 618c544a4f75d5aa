/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The audit's keys as configuration tools show them. What is read is the raw map, by {@link Audit}. */
@ObjectClassDefinition(name = "Peercred audit", description = "What is written of who connected and what they did.")
@interface AuditConfiguration {

    @AttributeDefinition(
            name = "File",
            description = "The audit's own file. A path that is not absolute begins in Karaf's directory.",
            required = false)
    String file() default "data/log/audit.log";

    @AttributeDefinition(
            name = "Format",
            description = "Lines of key=value, or of JSON.",
            required = false,
            options = {
                @Option(value = "text", label = "lines of key=value"),
                @Option(value = "json", label = "a JSON object a line")
            })
    String format() default "text";

    @AttributeDefinition(
            name = "Size",
            description =
                    "When the file has this size, 0 (never) or 64 KiB to 1 GiB, it is renamed: .1 is the latest, the oldest is"
                            + " deleted.",
            required = false)
    String size() default "16 MiB";

    @AttributeDefinition(
            name = "Files",
            description = "How many renamed files are kept, 1 to 1000.",
            required = false,
            min = "1",
            max = "1000")
    int files() default 20;

    @AttributeDefinition(
            name = "On failure",
            description =
                    "While the file cannot be written, continue: serve, count what is lost, and write the count afterwards; pause:"
                            + " let nobody in and lose nothing.",
            required = false,
            options = {
                @Option(value = "continue", label = "go on, and count what is lost"),
                @Option(value = "pause", label = "let nobody in, and lose nothing")
            })
    String on_failure() default "continue";

    @AttributeDefinition(
            name = "Events",
            description = "Which events are written, * for all there are. Counts of lost events always are.",
            required = false)
    String[] events() default {"allowed", "denied", "revoked", "limited", "closed", "command"};

    @AttributeDefinition(
            name = "Size per user",
            description =
                    "What the lines of one user may take of the audit log in a minute, 0 (no bound) to 1 GiB, for instance"
                            + " 4 MiB. What happens beyond is counted, by one line a second for each kind of event.",
            required = false)
    String size_per_uid() default "4 MiB";
}
