/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * Collects what one read is answered with, in native memory, so that it goes out in one write. One per loop; it grows to the
 * largest answer and, when that was an uncommonly large one, shrinks again.
 */
final class ReplyBuffer {

    /** Up to so many bytes, putting them one by one is faster than a call of the copying routine. */
    private static final int SHORT = 8;

    private static final int COMMON = 256 * 1024;
    /** Shrinking at once would allocate and free native memory for each answer of a client that asks for large ones. */
    private static final int COMMON_USES_BEFORE_SHRINKING = 1000;

    private NativeBuffer memory = new NativeBuffer(COMMON);
    private ByteBuffer bytes = memory.bytes();
    private int commonUses;

    int size() {
        return bytes.position();
    }

    long address() {
        return memory.address();
    }

    void put(ByteBuffer source) {
        ensure(source.remaining());
        bytes.put(source);
    }

    void put(byte[] source) {
        ensure(source.length);
        if (source.length > SHORT) {
            bytes.put(source);
            return;
        }
        for (byte value : source) {
            bytes.put(value);
        }
    }

    void put(byte value) {
        ensure(1);
        bytes.put(value);
    }

    /** A copy of what was collected from some byte on, ready to be read. */
    ByteBuffer copyFrom(int offset) {
        ByteBuffer copy = ByteBuffer.allocate(size() - offset);
        copy.put(0, bytes, offset, copy.capacity());
        return copy;
    }

    /** Forgets what was put behind some byte. */
    void truncate(int size) {
        bytes.position(size);
    }

    void clear() {
        if (memory.capacity() > COMMON) {
            commonUses = size() <= COMMON ? commonUses + 1 : 0;
            if (commonUses >= COMMON_USES_BEFORE_SHRINKING) {
                commonUses = 0;
                memory = new NativeBuffer(COMMON);
                bytes = memory.bytes();
            }
        }
        bytes.clear();
    }

    private void ensure(int more) {
        if (bytes.remaining() < more) {
            NativeBuffer larger =
                    new NativeBuffer(Math.max(Math.multiplyExact(memory.capacity(), 2), Math.addExact(size(), more)));
            larger.bytes().put(bytes.flip());
            memory = larger;
            bytes = larger.bytes();
        }
    }
}
