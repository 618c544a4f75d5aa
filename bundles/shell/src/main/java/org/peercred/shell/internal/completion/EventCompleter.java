/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AuditEvent;
import org.peercred.common.inspect.Services;

/** Kinds of audit events. */
@Service
public final class EventCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        return Arrays.stream(AuditEvent.Type.values())
                .collect(Collectors.toMap(AuditEvent.Type::label, EventCompleter::description));
    }

    private static String description(AuditEvent.Type type) {
        return switch (type) {
            case ALLOWED -> "let in";
            case DENIED -> "turned away";
            case REVOKED -> "cut off: no longer allowed";
            case LIMITED -> "ran into a limit";
            case CLOSED -> "ended";
            case COMMAND -> "ran a command, or was refused one";
            case REQUEST -> "had a request answered";
            case LOST -> "events that could not be written, counted";
        };
    }

    @Override
    boolean severalAllowed() {
        return true;
    }
}
