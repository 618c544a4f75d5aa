/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.service.PeerConnection;

/** Records what was typed, and what became of it. Safe to be used by any thread. */
public final class LineAudit {

    private static final Pattern NAME = Pattern.compile("\\s*([\\w.:*-]{1,128})(?=\\s|[;|&]|$)");
    private static final String NO_NAME = "console";
    private static final String WITHHELD = "it failed in words that may hold what is masked";

    private final Masking masking;

    /** Records nothing that has to be masked. */
    public LineAudit(Masking masking) {
        this.masking = masking;
    }

    /**
     * Notes a line that is about to be run. What its words stand for, its run may change: what was secret before or is so afterwards is
     * masked.
     *
     * @param connection where it came from
     * @param session where it was typed
     * @param line what was typed
     * @return records it: to be told, once, what became of it
     */
    public Consumer<Outcome> begin(PeerConnection connection, Session session, String line) {
        String before = masking.mask(session, line);
        return outcome -> {
            String masked = masking.mask(session, before);
            // An exception's words may quote what is masked, or a part of it.
            boolean withheld = !masked.equals(line) && !outcome.words().isEmpty();
            record(connection, masked, withheld ? outcome.because(WITHHELD) : outcome);
        };
    }

    /**
     * Records that something was not run of which nothing can be told.
     *
     * @param connection where it came from
     * @param reason why
     * @return what became of it
     */
    public Outcome refuse(PeerConnection connection, String reason) {
        Outcome refused = Outcome.notRun(reason);
        record(connection, "", refused);
        return refused;
    }

    private static void record(PeerConnection connection, String masked, Outcome outcome) {
        boolean refused = outcome.result().equals(AuditEvent.RESULT_DENIED)
                || outcome.result().equals(AuditEvent.RESULT_UNKNOWN);
        connection.audit(
                AccessRequest.command(name(masked)),
                new Decision(!refused, Optional.empty(), outcome.reason(), 0),
                Map.of(AuditEvent.RESULT, outcome.result(), "line", masked));
    }

    /** The first word, if it can be a command's name. */
    private static String name(String line) {
        Matcher matcher = NAME.matcher(line);
        return matcher.lookingAt() ? matcher.group(1) : NO_NAME;
    }
}
