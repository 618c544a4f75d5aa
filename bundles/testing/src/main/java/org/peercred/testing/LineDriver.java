/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;

/**
 * Drives a {@link LineService} as a listener does, for one connection and without a socket: the thread that opens it is the event
 * loop, and the only one that may call it. The memory of a line is overwritten after the call, so that nobody may still look at
 * it.
 */
public final class LineDriver {

    private final Thread loop = Thread.currentThread();
    private final PeerConnection connection;
    private final LineSession session;
    private boolean ended;
    private boolean closed;
    private FakeReplies last = new FakeReplies();

    private LineDriver(LineService service, PeerConnection connection) {
        this.connection = connection;
        this.session = Objects.requireNonNull(service.open(connection), "the service gave no session");
    }

    /**
     * Opens a connection.
     *
     * @param service the service
     * @param connection the connection, as the service shall see it
     * @return drives it
     */
    public static LineDriver open(LineService service, PeerConnection connection) {
        return new LineDriver(service, connection);
    }

    /**
     * Opens a connection of a user who may connect and nothing else.
     *
     * @param service the service
     * @param uid the user
     * @return drives it
     */
    public static LineDriver open(LineService service, long uid) {
        return open(service, new FakeConnection(FakePeer.of(uid)));
    }

    /**
     * Sends a line, and waits for a limited time for the whole answer.
     *
     * @param line without its end; sent as UTF-8
     * @return as UTF-8
     * @throws AssertionError if the answer does not come
     */
    public String ask(String line) {
        return Patience.await(send(line), "The answer");
    }

    /**
     * Sends a line.
     *
     * @param line without its end; sent as UTF-8
     * @return the whole answer as UTF-8; completed already unless the service deferred it
     * @throws IllegalStateException if the service has ended the connection, or still owes an answer: a listener would not have
     *     read this line
     */
    public CompletableFuture<String> send(String line) {
        return send(line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends a line of any bytes.
     *
     * @param line without its end, and without a {@code \n} inside
     * @return as for {@link #send(String)}
     * @throws IllegalArgumentException if it is more than one line
     * @throws IllegalStateException as for {@link #send(String)}
     */
    public CompletableFuture<String> send(byte[] line) {
        for (byte value : line) {
            if (value == '\n') {
                throw new IllegalArgumentException("One line is expected, without its end.");
            }
        }
        FakeReplies replies = begin();
        ByteBuffer buffer = direct(line);
        session.line(buffer, replies);
        return over(buffer, replies);
    }

    /**
     * Sends several lines at once, as one read of a listener may bring them: to a {@link BatchLineSession} all of them, again and
     * again until it has taken all, to others one by one.
     *
     * @param lines each with its {@code \n}; sent as UTF-8
     * @return all answers as UTF-8
     * @throws IllegalArgumentException if there is no line, or the last one has no {@code \n}
     * @throws IllegalStateException as for {@link #send(String)}, after a line before the last one too
     * @throws AssertionError if an answer does not come, or a batch session does not take whole lines
     */
    public String askAll(String lines) {
        if (!lines.endsWith("\n")) {
            throw new IllegalArgumentException("Whole lines are expected, at least one.");
        }
        StringBuilder answers = new StringBuilder();
        if (session instanceof BatchLineSession batch) {
            ByteBuffer left = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
            while (left.hasRemaining()) {
                answers.append(Patience.await(batch(batch, left), "The answer"));
            }
        } else {
            for (int from = 0, end; from < lines.length(); from = end + 1) {
                end = lines.indexOf('\n', from);
                answers.append(ask(lines.substring(from, end)));
            }
        }
        return answers.toString();
    }

    private CompletableFuture<String> batch(BatchLineSession batch, ByteBuffer left) {
        FakeReplies replies = begin();
        byte[] rest = new byte[left.remaining()];
        left.duplicate().get(rest);
        ByteBuffer buffer = direct(rest);
        int count = batch.lines(buffer, replies);
        int taken = buffer.position();
        int whole = 0;
        for (int i = 0; i < taken; i++) {
            whole += rest[i] == '\n' ? 1 : 0;
        }
        if (count < 1 || count != whole || rest[taken - 1] != '\n') {
            throw new AssertionError(
                    "The session took " + taken + " bytes, and says that these are " + count + " whole lines.");
        }
        left.position(left.position() + taken);
        return over(buffer, replies);
    }

    /**
     * Ends the connection as a listener does: {@link LineSession#closed()} is called, then the peer is closed. What the service
     * still answers a client would not get; the future has it.
     */
    public void disconnect() {
        if (!closed) {
            closed = true;
            session.closed();
            connection.peer().close();
        }
    }

    /**
     * Whether the service has ended the connection.
     *
     * @return true after {@link org.peercred.service.Replies#end()}
     */
    public boolean ended() {
        return ended;
    }

    private FakeReplies begin() {
        if (Thread.currentThread() != loop) {
            throw new IllegalStateException("A connection belongs to the thread that opened it.");
        }
        if (ended || closed) {
            throw new IllegalStateException("The connection has ended.");
        }
        if (last.isOwed()) {
            throw new IllegalStateException("The service still owes an answer.");
        }
        last = new FakeReplies();
        return last;
    }

    private CompletableFuture<String> over(ByteBuffer buffer, FakeReplies replies) {
        buffer.clear();
        while (buffer.hasRemaining()) {
            buffer.put((byte) '!');
        }
        ended = replies.over().ended();
        return replies.whole().thenApply(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
