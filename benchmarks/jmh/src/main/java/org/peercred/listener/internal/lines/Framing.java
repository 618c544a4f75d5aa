/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.peercred.listener.internal.engine.BufferPool;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.ReadBuffer;
import org.peercred.listener.internal.engine.ReplyBuffer;
import org.peercred.service.BatchLineSession;
import org.peercred.service.Replies;

/** What the engine does between one read(2) and the write(2) that answers it, without these two. All that the benchmark knows of its classes. */
final class Framing {

    private static final int MAX_LINE_LENGTH = 65536;
    private static final int WRITE_BUFFER = 1 << 20;

    private final ReadBuffer read = new ReadBuffer();
    private final LineInput input = new LineInput(new BufferPool(Memory.HEAP), kept -> {});
    private final ReplyBuffer buffer = new ReplyBuffer(Memory.HEAP);
    private final Replies replies = new BufferedReplies(buffer);
    private final LineInput.Taker answering;
    private final int count;

    /** What the kernel is supposed to have put into the engine's memory. */
    Framing(BatchLineSession session, byte[] bytes) {
        answering = new EchoTaker(session, replies);
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

    private record EchoTaker(BatchLineSession session, Replies replies) implements LineInput.Taker {

        @Override
        public boolean take(ByteBuffer line) {
            session.line(line, replies);
            return true;
        }

        @Override
        public boolean takesBatches() {
            return true;
        }

        @Override
        public boolean takeBatch(ByteBuffer lines) {
            session.lines(lines, replies);
            return true;
        }
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
        public int putLines(byte[] prefix, ByteBuffer lines) {
            return LineCopier.put(buffer, prefix, lines, WRITE_BUFFER);
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
