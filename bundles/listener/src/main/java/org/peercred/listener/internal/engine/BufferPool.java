/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Small heap buffers for what connections must keep between two events, used again so that split lines allocate nothing. To
 * give a buffer back allocates nothing either: half given back, it could serve two connections at once.
 */
public final class BufferPool {

    private static final int CAPACITY = 4096;
    private static final int KEPT = 64;

    private final Memory memory;
    private final ByteBuffer[] free = new ByteBuffer[KEPT];
    private int size;

    /**
     * Creates an empty pool.
     *
     * @param memory where new buffers come from
     */
    public BufferPool(Memory memory) {
        this.memory = memory;
    }

    /**
     * An empty buffer.
     *
     * @param bytes the least that it has room for
     * @return on the heap
     */
    public ByteBuffer take(int bytes) {
        if (bytes > CAPACITY || size == 0) {
            return ByteBuffer.wrap(memory.bytes(Math.max(bytes, CAPACITY)));
        }
        ByteBuffer buffer = free[--size];
        free[size] = null;
        return buffer.clear();
    }

    /**
     * Takes a buffer back.
     *
     * @param buffer to which nobody refers any more
     */
    public void give(ByteBuffer buffer) {
        if (buffer.capacity() == CAPACITY && size < KEPT) {
            free[size++] = buffer;
        }
    }

    /** Forgets all that were given back. */
    void discard() {
        Arrays.fill(free, null);
        size = 0;
    }
}
