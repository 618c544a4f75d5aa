/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;

/** What the engine does between one read(2) and the write(2) that answers it, without these two. All that the benchmark knows of its classes. */
final class Framing {

    private static final int MAX_LINE_LENGTH = 65536;

    private final ReadBuffer read = new ReadBuffer(EventLoop.READ_SIZE);
    private final LineInput input = new LineInput(new BufferPool());
    private final ReplyBuffer buffer = new ReplyBuffer();
    private final Replies replies = new BufferedReplies(buffer);
    private final LineTaker answering;
    private final int count;

    /** What the kernel is supposed to have put into the engine's memory. */
    Framing(LineSession session, byte[] bytes) {
        answering = line -> {
            session.line(line, replies);
            return true;
        };
        count = bytes.length;
        Pointer.wrap(Runtime.getSystemRuntime(), read.address()).put(0, bytes, 0, count);
    }

    /**
     * Answers it, up to where the kernel would read the answer, and forgets it.
     *
     * @return bytes of the answer
     */
    int serve() {
        input.begin(read.bytes(count), count, MAX_LINE_LENGTH);
        input.deliver(answering);
        input.keep();
        int size = buffer.size();
        buffer.stage(0, size);
        buffer.clear();
        return size;
    }

    private record BufferedReplies(ReplyBuffer buffer) implements Replies {

        @Override
        public Replies put(ByteBuffer source) {
            buffer.put(source);
            return this;
        }

        @Override
        public Replies put(byte[] source) {
            buffer.put(source);
            return this;
        }

        @Override
        public Replies put(byte value) {
            buffer.put(value);
            return this;
        }

        @Override
        public Deferred defer() {
            throw new UnsupportedOperationException("an echo answers at once");
        }

        @Override
        public void end() {
            throw new UnsupportedOperationException("an echo does not end");
        }
    }
}
