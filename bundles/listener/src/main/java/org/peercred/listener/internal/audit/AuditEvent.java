/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.credentials.Peer;

/**
 * Something that happened to a connection, for the record.
 *
 * @param type what happened
 * @param listener the listener's name
 * @param connection the connection's number
 * @param uid the peer's user id, {@link Peer#NO_PEER} if the kernel did not tell
 * @param gid the peer's group id, likewise
 * @param pid the peer's process id
 * @param action what was asked for
 * @param policy the deciding policy's id
 * @param reason why
 * @param lines lines received, for {@link Type#CLOSED}
 * @param millis how long the connection lasted, for {@link Type#CLOSED}
 */
public record AuditEvent(
        Type type,
        String listener,
        long connection,
        long uid,
        long gid,
        OptionalInt pid,
        String action,
        Optional<String> policy,
        String reason,
        long lines,
        long millis) {

    /** What can happen. */
    public enum Type {
        /** A peer was let in. */
        ALLOWED,
        /** A peer was turned away. */
        DENIED,
        /** An open connection lost its permission. */
        REVOKED,
        /** A connection ran into a limit. */
        LIMITED,
        /** A connection ended. */
        CLOSED;

        /** The name in the log. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether an operator should notice. */
        public boolean isWarning() {
            return this == DENIED || this == REVOKED || this == LIMITED;
        }
    }
}
