/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.peercred.common.threads.Threads;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.ReadBuffer;
import org.peercred.listener.internal.engine.ServiceConnection;
import org.peercred.service.StreamConnection;

/**
 * Stands between a connection's loop and the thread of its {@link org.peercred.service.StreamService}. Both directions are
 * bounded: when the service does not read, the loop does not either, and when the client does not, the service waits.
 */
final class StreamSession extends ServiceConnection implements StreamConnection {

    private static final int CHUNK = ReadBuffer.CAPACITY;
    private static final String ENDED = "The connection has ended.";

    private final Connection connection;
    private final Runnable turn;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private final ReceivedBytes received;
    private final WrittenBytes written;
    private Thread thread;
    private boolean endOfInput;
    private boolean paused;
    private boolean served;
    private boolean closed;
    private boolean announced;
    private boolean endsWithClient;
    private boolean writesEnded;
    private long unsent;

    StreamSession(Connection connection) {
        super(connection);
        this.connection = connection;
        this.turn = connection::again;
        this.received = new ReceivedBytes(connection);
        this.written = new WrittenBytes(connection);
    }

    void start(Runnable body) {
        thread = Threads.daemon(body, "peercred-stream-" + connection.id());
        thread.start();
    }

    /** Takes what the loop has read; true while there is room for more. */
    synchronized boolean received(ByteBuffer bytes, int count) {
        received.add(bytes, count);
        paused = received.isFull();
        notifyAll();
        return !paused;
    }

    /** The client has shut down its side. */
    synchronized void ended() {
        endOfInput = true;
        notifyAll();
    }

    /**
     * What the service has written goes to the client, who has taken all that it was sent before.
     *
     * @return the next piece of it, {@code null} if there is none
     */
    synchronized byte[] nextChunk() {
        announced = false;
        unsent = 0;
        notifyAll();
        return written.next();
    }

    /** Whether the service has written more, or is done. */
    synchronized boolean hasMore() {
        return served || !written.isEmpty();
    }

    /** Whether the service has read what there was, and more can come. */
    synchronized boolean hasRoom() {
        return !paused && !endOfInput;
    }

    /** Whether the service is done with the connection, and all that it wrote was handed on. */
    synchronized boolean isServed() {
        return served && written.isEmpty();
    }

    /** The client has taken what it was sent, but for so many bytes. */
    synchronized void kept(long bytes) {
        unsent = bytes;
        notifyAll();
    }

    /** The service is done with the connection. */
    synchronized void served() {
        served = true;
        announce();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Has the loop look at what there is to do; the caller holds the lock. */
    private void announce() {
        if (!announced) {
            connection.loop.announce(turn);
            announced = true;
        }
    }

    /** The connection is over. */
    synchronized void closed() {
        close();
        // Given back here, and in one step: whoever has to pay next is not to pay for what is kept no longer.
        connection.keep(-received.discard() - written.discard());
    }

    /** From now on both streams throw. Interrupts the service in the same breath, and once: it may clean up undisturbed after that. */
    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        notifyAll();
        if (thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /** From now on whoever writes is told that the connection has ended, but for the service's own thread: that one is interrupted first. */
    synchronized void endWrites() {
        writesEnded = true;
        notifyAll();
    }

    /**
     * Takes nothing more from the service, which could go on without end.
     *
     * @return what it has written and nobody has sent yet
     */
    synchronized byte[] seal() {
        byte[] rest = written.all();
        close();
        return rest;
    }

    @Override
    public synchronized void endWithClient() {
        endsWithClient = true;
        announce();
    }

    synchronized boolean endsWithClient() {
        return endsWithClient;
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
            throw new IOException(ENDED);
        }
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(ENDED);
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
                while (closed || received.isEmpty()) {
                    if (endOfInput && !closed) {
                        return -1;
                    }
                    await();
                }
                int count = received.take(bytes, offset, length);
                if (paused && received.isEmpty()) {
                    paused = false;
                    announce();
                }
                return count;
            }
        }

        @Override
        public int available() {
            synchronized (StreamSession.this) {
                return received.size();
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
                int count = Math.min(CHUNK, length - done);
                byte[] chunk = connection.worker.memory.bytes(count);
                System.arraycopy(bytes, offset + done, chunk, 0, count);
                send(chunk);
            }
        }

        private void requireWritable() throws IOException {
            if (writesEnded && Thread.currentThread() != thread) {
                throw new IOException(ENDED);
            }
        }

        private void send(byte[] chunk) throws IOException {
            synchronized (StreamSession.this) {
                requireWritable();
                while (closed || written.size() + unsent >= connection.writeBuffer()) {
                    await();
                    requireWritable();
                }
                written.add(chunk);
                announce();
            }
        }
    }
}
