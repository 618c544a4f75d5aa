/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.credentials.Peer;

/**
 * Something that happened on a listener, for the record.
 *
 * @param time when
 * @param type what
 * @param listener the listener's name
 * @param connection the connection's number
 * @param uid the peer's user id; {@link Peer#NO_PEER} if the kernel did not tell
 * @param gid the peer's group id; likewise
 * @param pid the peer's process id
 * @param action what was asked for, as in {@link AccessRequest#action()}
 * @param policy the id of the policy that decided
 * @param reason why, for a person to read; may be empty
 * @param details what else there is to say, by key; in text that a client chose, nothing is escaped here
 */
public record AuditEvent(
        Instant time,
        Type type,
        String listener,
        long connection,
        long uid,
        long gid,
        OptionalInt pid,
        String action,
        Optional<String> policy,
        String reason,
        Map<String, String> details) {

    /** The most characters of one text that the audit log shows and keeps; what is longer is cut there. */
    public static final int LONGEST = 512;

    /**
     * The key in {@link #details()} that says what became of a command: {@link #RESULT_OK}, {@link #RESULT_ERROR},
     * {@link #RESULT_DENIED} or {@link #RESULT_UNKNOWN}.
     */
    public static final String RESULT = "result";

    /** The command ran. */
    public static final String RESULT_OK = "ok";

    /** The command was granted and did not run, or not to its end; or the line was none at all, and names no command. */
    public static final String RESULT_ERROR = "error";

    /** The command was not granted. */
    public static final String RESULT_DENIED = "denied";

    /** There is no such command. */
    public static final String RESULT_UNKNOWN = "unknown";

    private static final String NO_COMMAND = AccessRequest.command("");

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
        CLOSED,
        /** A command was run, or refused. */
        COMMAND,
        /** A web application, or whoever stands before it, has answered a request. Written only where it is asked for. */
        REQUEST,
        /** Events could not be written. The line says how many and why; it belongs to no listener and no peer. */
        LOST;

        private final String label = name().toLowerCase(Locale.ROOT);

        /**
         * The name in the log.
         *
         * @return in lower case
         */
        public String label() {
            return label;
        }

        /**
         * Whether an operator should notice.
         *
         * @return true for {@link #DENIED}, {@link #REVOKED}, {@link #LIMITED} and {@link #LOST}
         */
        public boolean isWarning() {
            return this == DENIED || this == REVOKED || this == LIMITED || this == LOST;
        }
    }

    /** Checks that nothing is null, and takes a copy of the details. */
    public AuditEvent {
        Objects.requireNonNull(time);
        Objects.requireNonNull(type);
        Objects.requireNonNull(listener);
        Objects.requireNonNull(pid);
        Objects.requireNonNull(action);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(reason);
        details = Map.copyOf(details);
    }

    /**
     * Whether a peer asked for something and got nothing for it: repetitions of that are counted and not told one by one.
     *
     * @return true for {@link Type#DENIED}, {@link Type#LIMITED}, and a {@link Type#COMMAND} that was not granted, does not exist,
     *     or is none
     */
    public boolean isRefusal() {
        return switch (type) {
            case DENIED, LIMITED -> true;
            case COMMAND -> {
                String result = details.get(RESULT);
                yield RESULT_DENIED.equals(result) || RESULT_UNKNOWN.equals(result) || action.equals(NO_COMMAND);
            }
            case ALLOWED, REVOKED, CLOSED, REQUEST, LOST -> false;
        };
    }
}
