/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

/** What clients are told when a command was not run, or not to its end. The words are public. */
final class ErrorMessages {

    /** All threads are taken. */
    static final String BUSY = "busy, try again";

    /** The bundle is being stopped. */
    static final String STOPPING = "the command service is stopping";

    /** The command threw something. */
    static final String FAILED = "the command failed";

    /** Nobody hears this any more; it is for the audit. */
    static final String ENDED = "the connection ended before the command's turn came";

    /** Bytes that are no text. */
    static final String NO_TEXT = "the line is not UTF-8";

    /** Nothing but blanks. */
    static final String NO_COMMAND = "no command";

    private ErrorMessages() {}

    /** No policy grants it. */
    static String denied(String name) {
        return "permission denied: " + name;
    }

    /** There is no such command. */
    static String unknown(String name) {
        return "unknown command: " + name;
    }
}
