/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.peercred.access.Decision;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;
import org.peercred.service.LineConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;

/** A client with its connection, the listener's part included: the thread that calls is the event loop. */
final class FakeClient implements LineConnection, Peer {

    private static final AtomicInteger IDS = new AtomicInteger();

    /** Commands that may be run; they may change at any time. */
    final Set<String> grants = ConcurrentHashMap.newKeySet();

    private final long id = IDS.incrementAndGet();
    private final long uid;
    private final LineSession session;
    private final Thread loop = Thread.currentThread();
    private volatile boolean closed;
    private boolean ended;

    FakeClient(LineService service, long uid, String... grants) {
        this.uid = uid;
        this.grants.addAll(List.of(grants));
        this.session = service.open(this);
    }

    /** Sends a line and waits for the whole reply. */
    String ask(String line) {
        return await(send(line));
    }

    CompletableFuture<String> send(String line) {
        return send(line.getBytes(StandardCharsets.UTF_8));
    }

    CompletableFuture<String> send(byte[] line) {
        Answer answer = new Answer(() -> ended = true);
        ByteBuffer buffer = ByteBuffer.allocateDirect(line.length);
        buffer.put(line).flip();
        session.line(buffer, answer);
        // The listener uses its memory again: nobody may still look at it.
        buffer.clear();
        while (buffer.hasRemaining()) {
            buffer.put((byte) '!');
        }
        answer.lineIsOver();
        return answer.whole;
    }

    static String await(CompletableFuture<String> answer) {
        try {
            return answer.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("There is no answer.", e);
        }
    }

    /** What the listener does when the connection ends. */
    void disconnect() {
        session.closed();
        close();
    }

    /** Whether the service has ended the connection. */
    boolean ended() {
        return ended;
    }

    private static final class Answer implements Replies, Replies.Deferred {
        private final Runnable whenEnded;
        final CompletableFuture<String> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean over;
        private boolean deferred;

        Answer(Runnable whenEnded) {
            this.whenEnded = whenEnded;
        }

        void lineIsOver() {
            synchronized (this) {
                over = true;
                if (deferred) {
                    return;
                }
            }
            whole.complete(bytes.toString(StandardCharsets.UTF_8));
        }

        @Override
        public Replies put(ByteBuffer source) {
            byte[] copy = new byte[source.remaining()];
            source.get(copy);
            return put(copy);
        }

        @Override
        public Replies put(byte[] source) {
            assertTrue(!over && !deferred);
            bytes.writeBytes(source);
            return this;
        }

        @Override
        public Replies put(byte value) {
            return put(new byte[] {value});
        }

        @Override
        public int putLines(byte[] prefix, ByteBuffer lines) {
            throw new UnsupportedOperationException("commands come one by one");
        }

        @Override
        public synchronized Deferred defer() {
            assertTrue(!over && !deferred);
            deferred = true;
            return this;
        }

        @Override
        public void complete(byte[] rest) {
            bytes.writeBytes(rest);
            whole.complete(bytes.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
            whenEnded.run();
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String listener() {
        return "command";
    }

    @Override
    public Peer peer() {
        return this;
    }

    @Override
    public Decision decide(String action) {
        assertEquals(loop, Thread.currentThread(), "Decisions are made on the loop.");
        assertTrue(action.startsWith("command:"), action);
        return grants.contains(action.substring("command:".length()))
                ? new Decision(true, Optional.of("command~test"), "it is granted", 1)
                : new Decision(false, Optional.of("command~test"), "it is not granted", 1);
    }

    @Override
    public OptionalInt pid() {
        return OptionalInt.of(4242);
    }

    @Override
    public long uid() {
        return uid;
    }

    @Override
    public long gid() {
        return 50;
    }

    @Override
    public Fact<Set<Long>> groups() {
        assertEquals(loop, Thread.currentThread(), "Facts are read on the loop.");
        return closed
                ? Fact.absent(Grade.ATTESTED, "the connection has ended")
                : Fact.attested(new TreeSet<>(Set.of(50L, 100L)));
    }

    @Override
    public Fact<PeerProcess> process() {
        throw new AssertionError("Nobody needs the process.");
    }

    @Override
    public Fact<String> securityLabel() {
        assertEquals(loop, Thread.currentThread(), "Facts are read on the loop.");
        return Fact.absent(Grade.ATTESTED, "no security module labels sockets");
    }

    @Override
    public void close() {
        closed = true;
    }
}
