/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.service.LineService;

@Timeout(120)
class TestListenerTest {

    /** Says who asks, and repeats what was asked. */
    private static final LineService SERVICE = connection ->
            (line, replies) -> replies.put((connection.peer().uid() + " " + new TreeSet<>(connection.roles()) + " ")
                            .getBytes(StandardCharsets.UTF_8))
                    .put(line)
                    .put((byte) '\n');

    @AutoClose
    final TestListener listener = TestListener.lines(SERVICE);

    private static long thisUser() throws IOException {
        return ((Number) Files.getAttribute(java.nio.file.Path.of("/proc/self"), "unix:uid")).longValue();
    }

    @Test
    void serves_who_connects_on_a_socket_that_nobody_else_may_use() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(listener.path())));
        try (TestClient client = listener.connect()) {
            assertEquals(thisUser() + " [] hello", client.ask("hello"));
            assertEquals(thisUser() + " [] a\n", client.send("a\n").halfClose().rest());
        }
        AuditEvent allowed = listener.awaitEvent(AuditEvent.Type.ALLOWED);
        assertEquals(OptionalInt.of((int) ProcessHandle.current().pid()), allowed.pid());
        assertEquals("test", allowed.listener());
        listener.awaitEvent(AuditEvent.Type.CLOSED);
        assertEquals(2, listener.events().size());
    }

    @Test
    void turns_away_and_revokes_as_the_test_says() throws IOException {
        try (TestClient client = listener.connect()) {
            client.ask("hello");
            listener.access().allow(request -> request.peer().uid() != thisUserUnchecked());
            assertEquals("Unauthorized access\n", client.rest());
            assertEquals("Unauthorized access\n", listener.connect().rest());
        }
        assertEquals(
                FakeConnection.DENIED,
                listener.awaitEvent(AuditEvent.Type.REVOKED).reason());
        listener.awaitEvent(AuditEvent.Type.DENIED);
    }

    private static long thisUserUnchecked() {
        try {
            return thisUser();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void takes_a_client_for_somebody_else() throws IOException {
        FakePeer peer = FakePeer.builder(77).pid(5).build();
        listener.access().allow(request -> request.peer().uid() == 77);
        listener.grantRoles("viewer", "editor");
        try (TestClient client = listener.connectAs(peer)) {
            assertEquals("77 [editor, viewer] x", client.ask("x"));
        }
        assertEquals(
                OptionalInt.of(5), listener.awaitEvent(AuditEvent.Type.CLOSED).pid());
        // The audit is told before the peer is closed.
        listener.close();
        assertEquals("the connection is closed", peer.groups().absence());
    }

    @Test
    void is_configured_as_in_a_container() throws IOException {
        try (TestListener narrow = TestListener.lines(SERVICE, "name", "narrow", "max.line.length", "3")) {
            assertEquals("Line too long\n", narrow.connect().send("four\n").rest());
            narrow.configure("max.line.length", "4");
            assertTrue(narrow.connect().ask("four").endsWith(" four"));
            assertEquals("narrow", narrow.awaitEvent(AuditEvent.Type.LIMITED).listener());
        }
    }

    @Test
    void says_what_is_wrong_with_a_configuration_and_goes_on_as_before() throws IOException {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> listener.configure("max.line.length", "long"));
        assertTrue(refusal.getMessage().contains("max.line.length"), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> listener.configure("mode"));
        listener.configure("denied.message", "No.");
        listener.access().denyAll();
        assertEquals("No.\n", listener.connect().rest());
        assertThrows(IllegalArgumentException.class, () -> TestListener.lines(SERVICE, "mode", "x"));
    }

    @Test
    void serves_streams_too() throws IOException {
        try (TestListener streams =
                TestListener.streams(connection -> connection.input().transferTo(connection.output()))) {
            assertEquals("abc", streams.connect().send("abc").halfClose().rest());
        }
    }

    @Test
    void leaves_nothing_behind() throws IOException {
        TestListener short1 = TestListener.lines(SERVICE);
        TestClient client = short1.connect();
        client.ask("x");
        short1.close();
        short1.close();
        assertEquals("", client.rest());
        assertFalse(Files.exists(short1.path().getParent()));
        assertThrows(IOException.class, short1::connect);
    }

    @Test
    void a_client_is_told_when_the_stream_ends_too_early() throws IOException {
        listener.access().denyAll();
        TestClient client = listener.connect();
        assertEquals("Unauthorized access", client.line());
        assertThrows(EOFException.class, client::line);
    }
}
