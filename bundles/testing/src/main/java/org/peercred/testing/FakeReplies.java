/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.peercred.service.Replies;

/**
 * Takes the answer to one line, or to several, and keeps it. As with a real one, bytes are taken on the thread that made it only,
 * until {@link #over()}; {@link Replies.Deferred} is for any thread.
 */
public final class FakeReplies implements Replies {

    private static final int USUAL_WRITE_BUFFER = 1 << 20;

    private final Thread loop = Thread.currentThread();
    private final int writeBuffer;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private boolean over;
    private boolean ended;
    private boolean deferred;
    private long reserved;

    /** Made by the thread that plays the event loop. */
    public FakeReplies() {
        this(USUAL_WRITE_BUFFER);
    }

    /**
     * Made by the thread that plays the event loop.
     *
     * @param writeBuffer how many bytes {@link #putLines} fills up, as a listener's {@code write.buffer}; 1 or greater
     */
    public FakeReplies(int writeBuffer) {
        this.writeBuffer = writeBuffer;
    }

    /**
     * The call of the session has returned: nothing may be put any more. If the answer was not deferred, it is whole.
     *
     * @return this
     */
    public synchronized FakeReplies over() {
        over = true;
        if (!deferred) {
            whole.complete(bytes.toByteArray());
        }
        return this;
    }

    /**
     * What was put so far, what came later included.
     *
     * @return as UTF-8
     */
    public synchronized String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * What was put so far, what came later included.
     *
     * @return a copy
     */
    public synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    /**
     * The whole answer.
     *
     * @return completed by {@link #over()}, or when what was deferred has come
     */
    public CompletableFuture<byte[]> whole() {
        return whole;
    }

    /**
     * Whether the service ends the connection after this.
     *
     * @return true after {@link #end()}
     */
    public synchronized boolean ended() {
        return ended;
    }

    /**
     * Whether some of the answer is still to come.
     *
     * @return true from {@link #defer()} to {@link Replies.Deferred#complete}
     */
    public synchronized boolean isOwed() {
        return deferred && !whole.isDone();
    }

    /**
     * What the service said it keeps for this client.
     *
     * @return bytes; 0 if it did not say
     */
    public synchronized long reserved() {
        return reserved;
    }

    @Override
    public synchronized Replies put(ByteBuffer source) {
        check();
        byte[] copy = new byte[source.remaining()];
        source.get(copy);
        return put(copy);
    }

    @Override
    public synchronized Replies put(byte[] source) {
        check();
        bytes.writeBytes(source);
        return this;
    }

    @Override
    public synchronized Replies put(byte value) {
        check();
        bytes.write(value);
        return this;
    }

    @Override
    public synchronized int putLines(byte[] prefix, ByteBuffer lines) {
        check();
        if (!lines.hasRemaining() || lines.get(lines.limit() - 1) != '\n') {
            throw new IllegalArgumentException("Whole lines are expected, at least one.");
        }
        int count = 0;
        do {
            bytes.writeBytes(prefix);
            byte value;
            do {
                value = lines.get();
                bytes.write(value);
            } while (value != '\n');
            count++;
        } while (lines.hasRemaining() && bytes.size() < writeBuffer);
        return count;
    }

    @Override
    public synchronized Deferred defer() {
        check();
        if (deferred) {
            throw new IllegalStateException("The answer is deferred already.");
        }
        deferred = true;
        return new Rest();
    }

    @Override
    public synchronized void end() {
        check();
        ended = true;
    }

    private void check() {
        if (over || Thread.currentThread() != loop) {
            throw new IllegalStateException("Replies are valid during their line only, on the event loop.");
        }
    }

    private final class Rest implements Deferred {

        @Override
        public boolean reserve(long size) {
            synchronized (FakeReplies.this) {
                if (whole.isDone() || size < 0 || size > Integer.MAX_VALUE) {
                    return false;
                }
                reserved = size;
                return true;
            }
        }

        @Override
        public void complete(byte[] rest) {
            synchronized (FakeReplies.this) {
                if (whole.isDone()) {
                    return;
                }
                bytes.writeBytes(rest);
                whole.complete(bytes.toByteArray());
            }
        }
    }
}
