/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Small heap buffers for what connections must keep between two events, used again so that split lines allocate nothing. */
final class BufferPool {

    private static final int CAPACITY = 4096;
    private static final int KEPT = 64;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    /** An empty buffer for at least so many bytes. */
    ByteBuffer take(int bytes) {
        if (bytes > CAPACITY) {
            return ByteBuffer.allocate(bytes);
        }
        ByteBuffer buffer = free.pollFirst();
        return buffer == null ? ByteBuffer.allocate(CAPACITY) : buffer.clear();
    }

    void give(ByteBuffer buffer) {
        if (buffer.capacity() == CAPACITY && free.size() < KEPT) {
            free.addFirst(buffer);
        }
    }
}
