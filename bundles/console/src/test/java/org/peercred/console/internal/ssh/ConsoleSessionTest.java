/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.common.threads.Threads;
import org.peercred.console.internal.ConsoleSettings;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.Stop;
import org.peercred.service.LastWords;
import org.peercred.testing.FakePeer;
import org.peercred.testing.FakeStreamConnection;

/** How a session says that it ends. Before keys are exchanged, its packets can be read. */
@Timeout(120)
class ConsoleSessionTest {

    private static final String WORDS = "Service unavailable";

    @TempDir
    private Path data;

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private final Outgoing outgoing = new Outgoing();
    private ConsoleSession session;

    @BeforeEach
    void open() throws Exception {
        Desk desk = new Desk(
                null, () -> ConsoleSettings.USUAL, Optional::empty, null, null, null, clock, new Stop(() -> false, 1));
        FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));
        session = new ConsoleSession(
                ConsoleServer.make(desk, data),
                new StreamIoSession(1, outgoing, () -> {}),
                connection,
                new ConsoleSubject(connection, "alice"));
    }

    @AfterEach
    void close() {
        session.close(true);
        clock.shutdownNow();
    }

    @Test
    void the_last_words_are_a_packet() throws Exception {
        List<byte[]> packets = packets(session.lastWords(LastWords.Cause.UNAVAILABLE, WORDS));
        assertEquals(1, packets.size());
        assertDisconnect(packets.get(0));
    }

    @Test
    void a_client_that_does_not_read_gets_what_was_being_sent_and_then_the_last_words() throws Exception {
        outgoing.room(1);
        byte[] large = "a".repeat(100_000).getBytes(UTF_8);
        Writing stuck = new Writing(large);
        Writing behind = new Writing("b".getBytes(UTF_8));

        outgoing.end();
        List<byte[]> packets = packets(session.lastWords(LastWords.Cause.UNAVAILABLE, WORDS));

        assertArrayEquals(large, ignored(packets.get(0)));
        assertDisconnect(packets.get(packets.size() - 1));
        for (byte[] between : packets.subList(1, packets.size() - 1)) {
            assertArrayEquals("b".getBytes(UTF_8), ignored(between));
        }
        for (Writing writing : List.of(stuck, behind)) {
            assertEquals("java.io.IOException", writing.outcome.get(60, TimeUnit.SECONDS));
        }
    }

    /** As by Ctrl-C, while a terminal shows nothing. */
    @Test
    void a_packet_whose_thread_is_interrupted_is_sent_with_the_next() throws Exception {
        outgoing.room(1);
        byte[] large = "a".repeat(100_000).getBytes(UTF_8);
        Writing stuck = new Writing(large);
        stuck.thread.interrupt();
        assertEquals("java.io.InterruptedIOException", stuck.outcome.get(60, TimeUnit.SECONDS));
        outgoing.room(Integer.MAX_VALUE);
        send("b".getBytes(UTF_8));

        List<byte[]> packets = packets(session.lastWords(LastWords.Cause.UNAVAILABLE, WORDS));

        assertEquals(3, packets.size());
        assertArrayEquals(large, ignored(packets.get(0)));
        assertArrayEquals("b".getBytes(UTF_8), ignored(packets.get(1)));
        assertDisconnect(packets.get(2));
    }

    /** Behind packets that are missing, a packet would be taken for a broken one. */
    @Test
    void where_more_was_not_sent_than_is_kept_nothing_is_said() throws Exception {
        outgoing.room(1);
        String outcome = "java.io.InterruptedIOException";
        for (int i = 0; i < 20 && outcome.equals("java.io.InterruptedIOException"); i++) {
            Writing stuck = new Writing(new byte[100_000]);
            stuck.thread.interrupt();
            outcome = stuck.outcome.get(60, TimeUnit.SECONDS);
        }
        assertEquals("java.io.IOException", outcome);
        assertEquals(0, session.lastWords(LastWords.Cause.UNAVAILABLE, WORDS).length);
        assertEquals(0, session.farewell(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Protocol error").length);
    }

    @Test
    void where_what_serves_the_connection_is_stuck_nothing_is_said() throws Exception {
        outgoing.room(0);
        CompletableFuture<byte[]> words = CompletableFuture.supplyAsync(() -> {
            await().until(outgoing::isWaitedFor);
            byte[] last = session.lastWords(LastWords.Cause.UNAVAILABLE, WORDS);
            outgoing.end();
            return last;
        });
        assertThrows(IOException.class, () -> send("a".getBytes(UTF_8)));
        assertEquals(0, words.get(60, TimeUnit.SECONDS).length);
    }

    @Test
    void nothing_follows_the_last_words() throws Exception {
        assertTrue(session.lastWords(LastWords.Cause.STOPPED, "").length > 0);
        Writing late = new Writing("a".getBytes(UTF_8));
        assertEquals("java.io.IOException", late.outcome.get(60, TimeUnit.SECONDS));
        assertEquals(0, outgoing.bytes().length);
        assertEquals(0, session.farewell(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Protocol error").length);
    }

    @Test
    void who_breaks_the_protocol_and_does_not_read_is_told_nothing() throws Exception {
        outgoing.room(0);
        Writing stuck = new Writing("a".getBytes(UTF_8));
        assertEquals(0, session.farewell(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Protocol error").length);
        outgoing.room(Integer.MAX_VALUE);
        assertEquals("sent", stuck.outcome.get(60, TimeUnit.SECONDS));
    }

    private void send(byte[] content) throws IOException {
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_IGNORE, content.length + Long.SIZE);
        packet.putBytes(content);
        session.writePacket(packet);
    }

    /** All that the client gets. */
    private List<byte[]> packets(byte[] lastWords) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(outgoing.bytes());
        all.write(lastWords);
        List<byte[]> packets = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(all.toByteArray());
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            int padding = bytes.get();
            byte[] payload = new byte[length - padding - 1];
            bytes.get(payload).position(bytes.position() + padding);
            packets.add(payload);
        }
        return packets;
    }

    private static byte[] ignored(byte[] payload) {
        assertEquals(SshConstants.SSH_MSG_IGNORE, payload[0]);
        return Arrays.copyOfRange(payload, 1 + Integer.BYTES, payload.length);
    }

    private static void assertDisconnect(byte[] payload) {
        assertEquals(SshConstants.SSH_MSG_DISCONNECT, payload[0]);
        assertTrue(new String(payload, UTF_8).contains(WORDS));
    }

    /** A thread that sends a packet, which has begun to wait or has ended. */
    private final class Writing {

        private final CompletableFuture<String> outcome = new CompletableFuture<>();

        private final Thread thread;

        Writing(byte[] content) {
            thread = Threads.daemon(() -> write(content), "writing");
            thread.start();
            await().until(() -> thread.getState() == Thread.State.WAITING || !thread.isAlive());
        }

        private void write(byte[] content) {
            try {
                send(content);
                outcome.complete("sent");
            } catch (IOException e) {
                outcome.complete(e.getClass().getName());
            }
        }
    }

    /** As the listener's: takes a piece whole, or waits while there is no room; where it has ended, takes nothing. */
    private static final class Outgoing extends OutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;
        private boolean waitedFor;
        private boolean ended;

        synchronized void room(int bytes) {
            room = bytes;
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized boolean isWaitedFor() {
            return waitedFor;
        }

        synchronized byte[] bytes() {
            return taken.toByteArray();
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            while (taken.size() >= room && !ended) {
                waitedFor = true;
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
            if (ended) {
                throw new IOException();
            }
            taken.write(bytes, offset, length);
        }
    }
}
