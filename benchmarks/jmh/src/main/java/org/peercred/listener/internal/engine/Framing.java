/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.peercred.listener.internal.socket.NativeBuffer;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;

/** What the engine does between one read(2) and the write(2) that answers it, without these two. All that the benchmark knows of its classes. */
final class Framing {

    private static final int MAX_LINE_LENGTH = 65536;

    private final NativeBuffer memory = new NativeBuffer(65536);
    private final ByteBuffer bytes = ByteBuffer.allocate(65536).order(ByteOrder.nativeOrder());
    private final LineInput input = new LineInput(new BufferPool());
    private final ReplyBuffer buffer = new ReplyBuffer();
    private final Replies replies = new BufferedReplies(buffer);
    private final LineSession session;
    private final int count;

    /** What the kernel is supposed to have put into the engine's memory. */
    Framing(LineSession session, byte[] read) {
        this.session = session;
        count = read.length;
        memory.bytes().put(0, read);
    }

    /** Answers it, and forgets the answer. */
    int serve() {
        memory.bytes().get(0, bytes.array(), 0, count);
        input.begin(bytes, count, MAX_LINE_LENGTH);
        for (ByteBuffer line = input.next(); line != null; line = input.next()) {
            session.line(line, replies);
        }
        input.keep();
        int size = buffer.size();
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
