/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
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
        writeBuffer = newWriteBuffer;
        complete = replies.size();
        context.of(newProtocol);
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
        }
    }

    @Override
    public boolean take(ByteBuffer line) {
        protocol.countLine();
        session.line(line, context);
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
