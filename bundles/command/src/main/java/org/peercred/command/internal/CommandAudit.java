/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.service.LineConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records who ran, or tried to run, which command. Safe to be used by any thread. */
final class CommandAudit {

    private static final Logger LOG = LoggerFactory.getLogger(CommandAudit.class);

    /** The audit log keeps less; this bounds what an event holds meanwhile. */
    private static final int LONGEST = 4096;

    /** What became of a command. */
    enum Result {
        /** It ran. */
        OK,
        /** It was granted and did not run, or not to its end. */
        ERROR,
        /** It was not granted. */
        DENIED,
        /** There is no such command. */
        UNKNOWN
    }

    private volatile AuditLog log;

    void use(AuditLog newLog) {
        log = newLog;
    }

    void forget(AuditLog oldLog) {
        if (log == oldLog) {
            log = null;
        }
    }

    /**
     * Records an event.
     *
     * @param connection whose
     * @param name the command, as the client spelled it
     * @param decision the decision about it, empty if none was asked for
     * @param result what became of it
     * @param reason why, empty to say the decision's
     * @param arguments what may be kept of the arguments; empty if nothing may, or there are none
     */
    void record(
            LineConnection connection,
            String name,
            Optional<Decision> decision,
            Result result,
            String reason,
            String arguments) {
        AuditLog current = log;
        try {
            if (current == null || !current.wants(AuditEvent.Type.COMMAND)) {
                return;
            }
            Map<String, String> details = new HashMap<>();
            details.put("result", result.name().toLowerCase(java.util.Locale.ROOT));
            if (!arguments.isEmpty()) {
                details.put("args", cut(arguments));
            }
            Peer peer = connection.peer();
            current.record(new AuditEvent(
                    Instant.now(),
                    AuditEvent.Type.COMMAND,
                    connection.listener(),
                    connection.id(),
                    peer.uid(),
                    peer.gid(),
                    peer.pid(),
                    AccessRequest.command(cut(name)),
                    decision.flatMap(Decision::policy),
                    reason.isEmpty() ? decision.map(Decision::reason).orElse("") : reason,
                    details));
        } catch (RuntimeException | LinkageError e) {
            // The bundle of the audit log is being stopped: the command was run all the same.
            LOG.warn("Command {} could not be recorded: {}", ReplyText.oneLine(cut(name)), e.toString());
        }
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
