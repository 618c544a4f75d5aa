/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.peercred.service.Replies;

/** The {@link Replies} of a loop: one object serves all connections in turn, a new one is made only for a late answer. */
final class ReplyContext implements Replies, Replies.Deferred {

    private final EventLoop loop;
    private final ReplyBuffer replies;
    private final AtomicBoolean completed = new AtomicBoolean();
    private LineProtocol protocol;
    private boolean ended;
    private boolean pauses;
    private int writeBuffer;

    ReplyContext(EventLoop loop) {
        this.loop = loop;
        replies = loop.replies;
    }

    ReplyContext of(LineProtocol newProtocol, int newWriteBuffer) {
        protocol = newProtocol;
        writeBuffer = newWriteBuffer;
        ended = false;
        pauses = false;
        return this;
    }

    /** Whether the connection's next line has to wait: there is an answer to come, or no next line. */
    boolean pauses() {
        return pauses;
    }

    boolean ended() {
        return ended;
    }

    /** The line is over: what a service puts from now on would reach another connection's client. */
    void over() {
        protocol = null;
    }

    @Override
    public Replies put(ByteBuffer bytes) {
        buffer().put(bytes);
        return this;
    }

    @Override
    public Replies put(byte[] bytes) {
        buffer().put(bytes);
        return this;
    }

    @Override
    public Replies put(byte value) {
        buffer().put(value);
        return this;
    }

    @Override
    public int putLines(byte[] prefix, ByteBuffer lines) {
        ReplyBuffer buffer = buffer();
        if (!lines.hasRemaining() || lines.get(lines.limit() - 1) != '\n') {
            throw new IllegalArgumentException("Whole lines are expected, at least one.");
        }
        if (lines.hasArray()) {
            return buffer.putLines(prefix, lines, writeBuffer);
        }
        ByteBuffer copy =
                ByteBuffer.allocate(lines.remaining()).put(lines.duplicate()).flip();
        int count = buffer.putLines(prefix, copy, writeBuffer);
        lines.position(lines.position() + copy.position());
        return count;
    }

    @Override
    public Deferred defer() {
        buffer();
        ReplyContext late = new ReplyContext(loop).of(protocol, writeBuffer);
        protocol.await(late);
        pauses = true;
        return late;
    }

    @Override
    public void end() {
        buffer();
        ended = true;
        pauses = true;
    }

    @Override
    public void complete(byte[] bytes) {
        if (completed.compareAndSet(false, true)) {
            loop.execute(() -> protocol.answered(this, bytes));
        }
    }

    private ReplyBuffer buffer() {
        if (protocol == null) {
            throw new IllegalStateException("Replies are valid during their line only.");
        }
        return replies;
    }
}
