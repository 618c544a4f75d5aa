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
    private final AtomicBoolean completed = new AtomicBoolean();
    private Connection connection;
    private boolean ended;

    ReplyContext(EventLoop loop) {
        this.loop = loop;
    }

    ReplyContext of(Connection newConnection) {
        connection = newConnection;
        ended = false;
        return this;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public Replies put(ByteBuffer bytes) {
        loop.replies.put(bytes);
        return this;
    }

    @Override
    public Replies put(byte[] bytes) {
        loop.replies.put(bytes);
        return this;
    }

    @Override
    public Replies put(byte value) {
        loop.replies.put(value);
        return this;
    }

    @Override
    public Deferred defer() {
        ReplyContext late = new ReplyContext(loop).of(connection);
        connection.await(late);
        return late;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void complete(byte[] bytes) {
        if (completed.compareAndSet(false, true)) {
            loop.execute(() -> connection.answered(this, bytes));
        }
    }
}
