/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.regex.Pattern;
import org.peercred.access.AuditEvent;
import org.peercred.common.text.ForeignText;

/**
 * What became of a typed line.
 *
 * @param result as the audit names it
 * @param status an exit status, 0 to 255; 0 if it went well
 * @param reason why not, one line; empty if it went well
 */
public record Outcome(String result, int status, String reason) {

    /** It went well. */
    public static final Outcome OK = new Outcome(AuditEvent.RESULT_OK, 0, "");

    private static final String EXIT_STATUS = "exit status ";
    private static final int LONGEST = 1000;
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

    /** Whether it went well. */
    public boolean isOk() {
        return status == 0;
    }

    /** What its user is to read of it; empty if it went well, and for a command's own exit status, which needs no words. */
    public String words() {
        return reason.startsWith(EXIT_STATUS) ? "" : reason;
    }

    /** The same for another reason. */
    Outcome because(String other) {
        return new Outcome(result, status, other);
    }

    /**
     * After a command has returned.
     *
     * @param value what it returned, perhaps {@code null}: an {@link Integer} is its exit status
     */
    static Outcome of(Object value) {
        if (!(value instanceof Integer status) || status == 0) {
            return OK;
        }
        int low = status & 0xff;
        return new Outcome(AuditEvent.RESULT_ERROR, low == 0 ? 1 : low, EXIT_STATUS + status);
    }

    /** After a line has failed. Karaf's own exceptions for it are not exported, so they are told by their names. */
    static Outcome of(Throwable thrown) {
        return switch (thrown.getClass().getSimpleName()) {
            case "CommandNotFoundException" -> failed(AuditEvent.RESULT_UNKNOWN, message(thrown));
            case "SecurityException" -> failed(AuditEvent.RESULT_DENIED, message(thrown));
            case "InterruptedException" -> failed(AuditEvent.RESULT_ERROR, "interrupted");
            default -> failed(AuditEvent.RESULT_ERROR, message(thrown));
        };
    }

    /** A line that was not run. */
    public static Outcome notRun(String reason) {
        return failed(AuditEvent.RESULT_ERROR, reason);
    }

    private static Outcome failed(String result, String reason) {
        return new Outcome(result, 1, reason);
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        String text = message == null || message.isBlank() ? thrown.getClass().getName() : message;
        return ForeignText.replace(COLOURS.matcher(text).replaceAll(""), LONGEST);
    }
}
