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
public final class ReadBuffer {

    /** The most that is read at once, in bytes. */
    public static final int CAPACITY = 64 * 1024;

    /** So many bytes behind what was read may be looked at too, for who looks at several at once. */
    public static final int SLACK = 4 * Long.BYTES;

    private final NativeBuffer memory = new NativeBuffer(CAPACITY);
    private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY + SLACK);

    /** Where the kernel puts what it has. */
    public long address() {
        return memory.address();
    }

    /**
     * What was read.
     *
     * @param count how many bytes
     * @return a buffer with an array, valid until the next read
     */
    public ByteBuffer bytes(int count) {
        memory.bytes().get(0, bytes.array(), 0, count);
        return bytes;
    }
}
