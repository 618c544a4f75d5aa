/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.Replies;
import org.peercred.service.StreamService;

/** Whoever installs or updates the bundle in Karaf's console makes its threads: no client may be served with that operator's roles. */
@Timeout(120)
class OperatorTest {

    private static final LineService LINES = new LineService() {
        @Override
        public LineSession open(PeerConnection connection) {
            return (ByteBuffer line, Replies replies) -> replies.put(bytes(whoRuns() + "\n"));
        }
    };

    private static final StreamService STREAM =
            connection -> connection.output().write(bytes(whoRuns() + "\n"));

    @Test
    void is_not_who_serves_a_line() throws Exception {
        assertEquals("nobody", answerOf(new LineOffer(LINES)));
    }

    @Test
    void is_not_who_serves_a_stream() throws Exception {
        assertEquals("nobody", answerOf(new StreamOffer(STREAM, new ThreadCount())));
    }

    private static String answerOf(Offer offer) throws Exception {
        PrivilegedExceptionAction<Server> started = Server::new;
        try (Server server = asOperator(started)) {
            server.offer(offer);
            try (Client client = server.connect()) {
                return client.ask("who is it?");
            }
        }
    }

    @SuppressWarnings("removal")
    private static <T> T asOperator(PrivilegedExceptionAction<T> action) throws Exception {
        assertEquals(
                "the operator", Subject.doAs(new Subject(), (PrivilegedExceptionAction<String>) OperatorTest::whoRuns));
        return Subject.doAs(new Subject(), action);
    }

    @SuppressWarnings("removal")
    private static String whoRuns() {
        return Subject.getSubject(AccessController.getContext()) == null ? "nobody" : "the operator";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
