/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.ReadBuffer;

/** What the loop has read of a stream and its service has not. Guarded by the session. */
final class ReceivedBytes {

    /** From so many bytes on, the loop reads no more. */
    private static final int FULL = ReadBuffer.CAPACITY;

    /** What is kept of the buffer while nothing waits to be read, in bytes. */
    private static final int SMALL = 4 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private ByteBuffer bytes = NOTHING;

    ReceivedBytes(Connection connection) {
        this.connection = connection;
    }

    int size() {
        return bytes.remaining();
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    boolean isFull() {
        return size() >= FULL;
    }

    /** Takes so many bytes from the beginning of what was read. */
    void add(ByteBuffer read, int count) {
        int kept = size();
        if (kept + count > bytes.capacity()) {
            grow(kept + count);
        }
        read.clear();
        bytes.compact().put(kept, read, 0, count).position(kept + count);
        bytes.flip();
    }

    /** Gives what there is, at most so much; how many bytes. */
    int take(byte[] into, int offset, int length) {
        int count = Math.min(length, size());
        bytes.get(into, offset, count);
        if (isEmpty()) {
            shrink();
        }
        return count;
    }

    /** Forgets it all; how many bytes are kept no longer, for the caller to count. */
    long discard() {
        long size = bytes.capacity();
        bytes = NOTHING;
        return size;
    }

    private void grow(int least) {
        int size = Math.max(least, Math.max(SMALL, Math.min(2 * bytes.capacity(), 2 * FULL)));
        ByteBuffer greater =
                ByteBuffer.wrap(connection.worker.memory.bytes(size)).put(bytes.duplicate());
        greater.flip();
        connection.keep(greater.capacity() - bytes.capacity());
        bytes = greater;
    }

    /** Many connections of which nothing is heard for long are not to keep a buffer each. */
    private void shrink() {
        if (bytes.capacity() > SMALL) {
            connection.keep(-discard());
        }
    }
}
