/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.peercred.access.Decision;
import org.peercred.common.threads.Threads;
import org.peercred.credentials.Peer;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;
import org.peercred.service.StreamConnection;

/**
 * Stands between a connection's loop and the thread of its {@link org.peercred.service.StreamService}. Both directions are
 * bounded: when the service does not read, the loop does not either, and when the client does not, the service waits.
 */
final class StreamSession implements LineSession, StreamConnection {

    private static final int INPUT_BUFFER = EventLoop.READ_SIZE;
    private static final int CHUNK = EventLoop.READ_SIZE;
    private static final long DECISION_SECONDS = 10;

    private final Connection connection;
    private final StreamProtocol protocol;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private final ByteBuffer received = ByteBuffer.allocate(2 * INPUT_BUFFER).limit(0);
    private Thread thread;
    private boolean endOfInput;
    private boolean paused;
    private boolean closed;
    private long posted;
    private long unsent;

    StreamSession(Connection connection) {
        this.connection = connection;
        this.protocol = new StreamProtocol(connection, this);
    }

    StreamProtocol protocol() {
        return protocol;
    }

    void start(Runnable body) {
        thread = Threads.daemon(body, "peercred-stream-" + connection.id());
        thread.start();
    }

    /** Takes what the loop has read; true while there is room for more. */
    synchronized boolean received(ByteBuffer bytes, int count) {
        int kept = received.remaining();
        bytes.clear();
        received.compact().put(kept, bytes, 0, count).position(kept + count);
        received.flip();
        paused = received.remaining() >= INPUT_BUFFER;
        notifyAll();
        return !paused;
    }

    /** The client has shut down its side. */
    synchronized void ended() {
        endOfInput = true;
        notifyAll();
    }

    /** The loop has handed on what it was given, but for so many bytes. */
    synchronized void kept(long bytes, long taken) {
        posted -= taken;
        unsent = bytes;
        notifyAll();
    }

    /** The service is done with the connection. */
    void served() {
        connection.loop.execute(() -> connection.end("", "the service ended it"));
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void line(ByteBuffer line, Replies replies) {
        throw new IllegalStateException("A stream is not cut into lines.");
    }

    @Override
    public synchronized void closed() {
        closed = true;
        notifyAll();
        if (thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    @Override
    public long id() {
        return connection.id();
    }

    @Override
    public String listener() {
        return connection.listener();
    }

    @Override
    public Peer peer() {
        return connection.peer();
    }

    @Override
    public Decision decide(String action) {
        CompletableFuture<Decision> answer = new CompletableFuture<>();
        connection.loop.execute(() -> answer.complete(connection.decide(action)));
        try {
            return answer.get(DECISION_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return new Decision(false, Optional.empty(), "no decision could be had: " + e, 0);
        }
        return new Decision(false, Optional.empty(), "the connection is ending", 0);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /** Waits for the other side; the caller holds the lock. */
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await() throws IOException {
        if (closed) {
            throw new IOException("The connection has ended.");
        }
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The connection has ended.");
        }
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            synchronized (StreamSession.this) {
                while (closed || !received.hasRemaining()) {
                    if (endOfInput && !closed) {
                        return -1;
                    }
                    await();
                }
                int count = Math.min(length, received.remaining());
                received.get(bytes, offset, count);
                if (paused && !received.hasRemaining()) {
                    paused = false;
                    connection.loop.execute(protocol::resume);
                }
                return count;
            }
        }

        @Override
        public int available() {
            synchronized (StreamSession.this) {
                return received.remaining();
            }
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += CHUNK) {
                send(ByteBuffer.allocate(Math.min(CHUNK, length - done))
                        .put(bytes, offset + done, Math.min(CHUNK, length - done))
                        .array());
            }
        }

        private void send(byte[] chunk) throws IOException {
            synchronized (StreamSession.this) {
                while (closed || posted + unsent >= connection.writeBuffer()) {
                    await();
                }
                posted += chunk.length;
            }
            connection.loop.execute(() -> protocol.send(chunk));
        }
    }
}
