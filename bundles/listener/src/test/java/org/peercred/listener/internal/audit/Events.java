/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.access.AuditEvent;

/** Events for tests. */
final class Events {

    private Events() {}

    static AuditEvent denied(long uid, String policy, String reason) {
        return of(AuditEvent.Type.DENIED, uid, Optional.of(policy), reason, Map.of());
    }

    static AuditEvent of(AuditEvent.Type type, long uid, String reason) {
        return of(type, uid, Optional.empty(), reason, Map.of());
    }

    /** A command and what became of it. */
    static AuditEvent command(long uid, String name, String result, String reason) {
        return command(uid, name, reason, Map.of("result", result));
    }

    /** A command with arguments. */
    static AuditEvent withArguments(long uid, String name, String result, String arguments) {
        return command(uid, name, "no", Map.of("result", result, "args", arguments));
    }

    private static AuditEvent command(long uid, String name, String reason, Map<String, String> details) {
        return new AuditEvent(
                Instant.EPOCH,
                AuditEvent.Type.COMMAND,
                "echo",
                17,
                uid,
                uid,
                OptionalInt.of(4242),
                "command:" + name,
                Optional.empty(),
                reason,
                details);
    }

    /** With a text wherever one may come from outside. */
    static AuditEvent with(String text, Map<String, String> details) {
        return new AuditEvent(
                Instant.EPOCH,
                AuditEvent.Type.DENIED,
                text,
                17,
                1001,
                1001,
                OptionalInt.empty(),
                text,
                Optional.of(text),
                text,
                details);
    }

    private static AuditEvent of(
            AuditEvent.Type type, long uid, Optional<String> policy, String reason, Map<String, String> details) {
        return new AuditEvent(
                Instant.EPOCH, type, "echo", 17, uid, uid, OptionalInt.of(4242), "connect", policy, reason, details);
    }
}
