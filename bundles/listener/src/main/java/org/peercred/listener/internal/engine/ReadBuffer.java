/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * What one read(2) brought. The kernel fills native memory; lines are looked for, and given to services, in a copy on the heap:
 * one bulk copy per read costs less than the checks that native memory asks for at each line.
 */
final class ReadBuffer {

    private final NativeBuffer memory;
    private final ByteBuffer bytes;

    ReadBuffer(int capacity) {
        memory = new NativeBuffer(capacity);
        bytes = ByteBuffer.allocate(capacity + LineCopier.SLACK);
    }

    /** Where the kernel puts what it has. */
    long address() {
        return memory.address();
    }

    /**
     * What was read.
     *
     * @param count how many bytes
     * @return a buffer with an array, valid until the next read
     */
    ByteBuffer bytes(int count) {
        memory.bytes().get(0, bytes.array(), 0, count);
        return bytes;
    }
}
