/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineSession;

/**
 * Has lines answered by their session, as many as there are. One per loop, for one connection after the other.
 *
 * <p>{@link #take} is run for each line, and is a method of its own, as is the loop around it: in one with all that is done
 * once for each read, the compiler's code takes a quarter more time.
 */
final class Answering implements LineTaker {

    private final ReplyBuffer replies;
    private final ReplyContext context;
    private LineProtocol protocol;
    private LineSession session;
    /** The same, if it takes several lines at once. */
    private BatchLineSession batchSession;

    private int writeBuffer;
    /** Where the last whole answer ends in {@link #replies}. */
    private int complete;

    Answering(ReplyBuffer replies, ReplyContext context) {
        this.replies = replies;
        this.context = context;
    }

    /**
     * Answers every line, until something has to be waited for. What was answered is left in the reply buffer.
     *
     * @return what the session threw, {@code null} if nothing; of that line nothing is left in the reply buffer
     */
    Throwable run(LineProtocol newProtocol, LineSession newSession, LineInput input, int newWriteBuffer) {
        protocol = newProtocol;
        session = newSession;
        batchSession = newSession instanceof BatchLineSession batch ? batch : null;
        writeBuffer = newWriteBuffer;
        complete = replies.size();
        context.of(newProtocol, newWriteBuffer);
        try {
            if (!newProtocol.mustWait()) {
                input.deliver(this);
            }
            return null;
        } catch (Throwable e) {
            replies.truncate(complete);
            return e;
        } finally {
            context.over();
            protocol = null;
            session = null;
            batchSession = null;
        }
    }

    @Override
    public boolean take(ByteBuffer line) {
        protocol.countLines(1);
        session.line(line, context);
        return goesOn();
    }

    @Override
    public boolean takesBatches() {
        return batchSession != null;
    }

    @Override
    public boolean takeBatch(ByteBuffer lines) {
        int start = lines.position();
        int end = lines.limit();
        int count = batchSession.lines(lines, context);
        int reached = lines.position();
        if (count < 1 || reached <= start || reached > end || lines.get(reached - 1) != '\n') {
            throw new IllegalStateException("A session has to take whole lines, at least one.");
        }
        protocol.countLines(count);
        return goesOn();
    }

    private boolean goesOn() {
        complete = replies.size();
        if (complete >= writeBuffer && !sent()) {
            return false;
        }
        return !context.pauses();
    }

    private boolean sent() {
        protocol.flush();
        complete = 0;
        return !protocol.mustWait();
    }
}
