/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.service.LineSession;

/**
 * Lines and their answers. A line is read only while nothing is left to send and no answer is outstanding, so a client that
 * does not read is not read from.
 */
final class LineProtocol implements Protocol {

    private final Connection connection;
    private final LineSession session;
    private final LineInput input;
    private ReplyContext outstanding;
    private long lines;

    LineProtocol(Connection connection, LineSession session) {
        this.connection = connection;
        this.session = session;
        this.input = new LineInput(connection.loop.pool);
    }

    @Override
    public void ready(int events) {
        if (outstanding == null) {
            connection.read();
        } else if ((events & (Epoll.HANG_UP | Epoll.ERROR)) != 0) {
            connection.close("");
        }
    }

    @Override
    public void received(ByteBuffer bytes, int count) {
        serve(bytes, count);
        connection.shard.latency().answered(connection.loop.now());
    }

    @Override
    public void ended() {
        connection.close("");
    }

    @Override
    public void sent() {
        if (!connection.mustSend()) {
            serve(null, 0);
        }
    }

    @Override
    public int interest() {
        return outstanding == null ? Epoll.IN : Epoll.HANG_UP;
    }

    @Override
    public boolean isAnswering() {
        return outstanding != null;
    }

    @Override
    public long lines() {
        return lines;
    }

    @Override
    public void closed() {
        outstanding = null;
        input.discard();
        session.closed();
    }

    /** Answers every whole line of what was kept and what was read, until something has to be waited for. */
    private void serve(ByteBuffer read, int count) {
        EventLoop loop = connection.loop;
        ListenerSettings settings = connection.shard.settings();
        long before = lines;
        input.begin(read, count, settings.maxLineLength());
        Throwable failure = loop.answering.run(this, session, input, settings.writeBuffer());
        connection.shard.counters().served(lines - before, count);
        connection.flush();
        if (!connection.isOpen()) {
            return;
        }
        if (failure != null) {
            connection.shard.serviceFailed(connection, failure);
            connection.end("", "the service failed");
        } else if (loop.context.ended()) {
            connection.end("", "the service ended it");
        } else if (input.tooLong()) {
            connection.shard.audit(AuditEvent.Type.LIMITED, connection, "Line too long");
            connection.end("Line too long\n", "line too long");
        } else {
            input.keep();
        }
    }

    /** Whether the next line has to wait, for an answer to an earlier one or until the client has taken those there are. */
    boolean mustWait() {
        return outstanding != null || connection.mustSend();
    }

    void countLines(int count) {
        lines += count;
    }

    /** Sends what was answered so far, in the midst of more. */
    void flush() {
        connection.flush();
    }

    /** Remembers that an answer comes later. */
    void await(ReplyContext context) {
        if (outstanding != null) {
            throw new IllegalStateException("An answer can be deferred once only.");
        }
        outstanding = context;
    }

    /** An answer has come; called on the loop. */
    void answered(ReplyContext context, byte[] bytes) {
        if (!connection.isOpen() || outstanding != context) {
            return;
        }
        outstanding = null;
        connection.put(bytes);
        serve(null, 0);
        connection.update();
    }
}
