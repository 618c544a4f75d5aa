/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.Replies;
import org.peercred.service.StreamConnection;
import org.peercred.service.StreamService;

/** A service that tries what it may and what it may not sees the same on a fake connection as on a real one. */
@Timeout(120)
class SameAsRealTest {

    private static final String LAST = "last";

    /** What came of something that was tried. */
    private interface Attempt {
        Object run() throws Exception;
    }

    private static String outcome(Attempt attempt) {
        try {
            return String.valueOf(attempt.run());
        } catch (IllegalStateException | IllegalArgumentException e) {
            return e.getClass().getSimpleName();
        } catch (IOException e) {
            return "IOException";
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Does what a line says. */
    private static final class Trier implements LineService {

        final List<String> outcomes = new CopyOnWriteArrayList<>();
        final CompletableFuture<PeerConnection> over = new CompletableFuture<>();

        @Override
        public LineSession open(PeerConnection connection) {
            outcomes.add(connection.roles() + " " + connection.listener());
            return new LineSession() {
                @Override
                public void line(ByteBuffer line, Replies replies) {
                    answer(StandardCharsets.UTF_8.decode(line).toString(), replies);
                }

                @Override
                public void closed() {
                    outcomes.add("groups " + connection.peer().groups().value().isPresent());
                    over.complete(connection);
                }
            };
        }

        private void answer(String line, Replies replies) {
            switch (line) {
                case "lines" -> {
                    tries(outcomes, "no line", () -> replies.putLines(bytes("> "), ByteBuffer.allocate(0)));
                    tries(outcomes, "half a line", () -> replies.putLines(bytes("> "), ByteBuffer.wrap(bytes("a"))));
                    tries(outcomes, "lines", () -> replies.putLines(bytes("> "), ByteBuffer.wrap(bytes("a\nb\n"))));
                }
                case "defer" -> {
                    Replies.Deferred rest = replies.put(bytes("first ")).defer();
                    tries(outcomes, "defer again", replies::defer);
                    replies.put(bytes("more "));
                    tries(outcomes, "reserve", () -> rest.reserve(10));
                    tries(outcomes, "reserve less than nothing", () -> rest.reserve(-1));
                    tries(outcomes, "reserve more than there is", () -> rest.reserve(1L << 31));
                    CompletableFuture.runAsync(() -> {
                                tries(outcomes, "put elsewhere", () -> replies.put((byte) 'x'));
                                rest.complete(bytes("rest\n"));
                                rest.complete(bytes("again\n"));
                                tries(outcomes, "reserve late", () -> rest.reserve(10));
                            })
                            .join();
                }
                case LAST -> {
                    replies.put(bytes("bye ")).end();
                    replies.put(bytes("indeed\n"));
                }
                default -> throw new AssertionError(line);
            }
        }
    }

    private static void tries(List<String> outcomes, String what, Attempt attempt) {
        String outcome = outcome(attempt);
        outcomes.add(what + ": " + outcome.replaceAll(".*@.*", "done"));
    }

    @Test
    void in_lines() throws Exception {
        Trier onSocket = new Trier();
        String real;
        PeerConnection realConnection;
        try (TestListener listener = TestListener.lines(onSocket)) {
            listener.grantRoles("viewer");
            try (TestClient client = listener.connect()) {
                real = client.send("lines\n").send("defer\n").send(LAST + "\n").rest();
            }
            realConnection = onSocket.over.get(Patience.SECONDS, TimeUnit.SECONDS);
            listener.awaitEvent(AuditEvent.Type.CLOSED);
        }
        Trier onFake = new Trier();
        FakePeer peer = FakePeer.of(1001);
        LineDriver driver = LineDriver.open(onFake, new FakeConnection(peer).grantRoles("viewer"));
        String fake = driver.ask("lines") + driver.ask("defer") + driver.ask(LAST);
        driver.disconnect();
        assertEquals(real, fake);
        assertEquals(onSocket.outcomes, onFake.outcomes);
        assertEquals(
                realConnection.peer().securityLabel().absence(),
                peer.securityLabel().absence());
    }

    /** Leaves every second line to the next call. */
    private static final LineService BATCH = connection -> new BatchLineSession() {
        @Override
        public void line(ByteBuffer line, Replies replies) {
            replies.put(line).put((byte) '\n');
        }

        @Override
        public int lines(ByteBuffer lines, Replies replies) {
            ByteBuffer first = lines.duplicate();
            int end = lines.position();
            while (lines.get(end) != '\n') {
                end++;
            }
            first.limit(end + 1);
            lines.position(end + 1);
            return replies.putLines(bytes("> "), first);
        }
    };

    @Test
    void in_batches() throws IOException {
        try (TestListener listener = TestListener.lines(BATCH);
                TestClient client = listener.connect()) {
            String real = client.send("a\nbb\n\nc\n").halfClose().rest();
            assertEquals(real, LineDriver.open(BATCH, 1001).askAll("a\nbb\n\nc\n"));
        }
    }

    /** Reads to the client's end, writes, then waits to be thrown out. */
    private static final class StreamTrier implements StreamService {

        final List<String> outcomes = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> done = new CompletableFuture<>();

        @Override
        public void serve(StreamConnection connection) throws IOException {
            try {
                tries(outcomes, "nothing", () -> connection.input().read(new byte[0]));
                tries(outcomes, "read", () -> connection.input().read());
                connection.output().write('!');
                connection.output().write('\n');
                tries(outcomes, "cut off", () -> connection.input().read());
                tries(outcomes, "interrupted", Thread::interrupted);
                tries(outcomes, "read again", () -> connection.input().read());
                tries(outcomes, "write again", () -> {
                    connection.output().write('x');
                    return "";
                });
                tries(outcomes, "available", () -> connection.input().available());
            } finally {
                done.complete(null);
            }
        }
    }

    @Test
    void in_streams() throws Exception {
        StreamTrier onSocket = new StreamTrier();
        try (TestListener listener = TestListener.streams(onSocket)) {
            try (TestClient client = listener.connect()) {
                assertEquals("!", client.send("a").line());
                listener.access().denyAll();
                onSocket.done.get(Patience.SECONDS, TimeUnit.SECONDS);
            }
        }
        StreamTrier onFake = new StreamTrier();
        FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));
        CompletableFuture<Void> served = connection.serve(onFake);
        assertEquals("!", connection.send("a").line());
        connection.disconnect();
        served.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertEquals(onSocket.outcomes, onFake.outcomes);
        assertEquals(Set.of("test"), Set.of(connection.listener()));
    }
}
