/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.service.PeerConnection;

/** Records who ran, or tried to run, which command. Safe to be used by any thread. */
final class CommandAudit {

    /** What is recorded of a command where there is no memory for more. */
    private static final String SOME_COMMAND = AccessRequest.command("");

    private static final Decision SOME_DECISION =
            new Decision(false, Optional.empty(), "what it was could not be recorded", 0);
    private static final Map<String, String> SOME_DETAILS = Map.of(AuditEvent.RESULT, AuditEvent.RESULT_ERROR);

    private CommandAudit() {}

    /** What became of a command. */
    enum Result {
        /** It ran. */
        OK(AuditEvent.RESULT_OK),
        /** It was granted and did not run, or not to its end; or it was no command at all. */
        ERROR(AuditEvent.RESULT_ERROR),
        /** It was not granted. */
        DENIED(AuditEvent.RESULT_DENIED),
        /** There is no such command. */
        UNKNOWN(AuditEvent.RESULT_UNKNOWN);

        private final String label;

        Result(String label) {
            this.label = label;
        }
    }

    /**
     * Records an event. Whatever fails, the client has its answer to come.
     *
     * @param connection whose
     * @param name the command, as the client spelled it
     * @param decision the decision about it, empty if none was asked for
     * @param result what became of it
     * @param reason why, empty to say the decision's
     * @param arguments what may be kept of the arguments; empty if nothing may, or there are none
     */
    static void record(
            PeerConnection connection,
            String name,
            Optional<Decision> decision,
            Result result,
            String reason,
            String arguments) {
        try {
            Map<String, String> details = new HashMap<>();
            details.put(AuditEvent.RESULT, result.label);
            if (!arguments.isEmpty()) {
                details.put("args", arguments);
            }
            connection.audit(AccessRequest.command(name), told(decision, reason), details);
        } catch (Throwable e) {
            connection.audit(SOME_COMMAND, SOME_DECISION, SOME_DETAILS);
        }
    }

    private static Decision told(Optional<Decision> decision, String reason) {
        if (decision.isEmpty()) {
            return new Decision(false, Optional.empty(), reason, 0);
        }
        Decision made = decision.get();
        return reason.isEmpty() ? made : new Decision(made.allowed(), made.policy(), reason, made.generation());
    }
}
