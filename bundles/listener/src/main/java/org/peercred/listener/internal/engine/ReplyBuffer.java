/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * Collects what one read is answered with, so that it goes out in one write. One per loop; it grows to the largest answer and,
 * when that was an uncommonly large one, shrinks again.
 */
public final class ReplyBuffer {

    /** The most that is handed to the kernel at once, in bytes. */
    public static final int WRITE_SIZE = 256 * 1024;

    /** Up to so many bytes, putting them one by one is faster than a call of the copying routine. */
    private static final int SHORT = 8;
    /** Shrinking at once would allocate anew for each answer of a client that asks for large ones. */
    private static final int COMMON_USES_BEFORE_SHRINKING = 1000;

    private final NativeBuffer staged = new NativeBuffer(WRITE_SIZE);
    private final Memory memory;
    private byte[] bytes;
    private int size;
    private int commonUses;

    /**
     * Creates an empty buffer.
     *
     * @param memory where its memory comes from
     */
    public ReplyBuffer(Memory memory) {
        this.memory = memory;
        bytes = memory.bytes(WRITE_SIZE);
    }

    /**
     * How much was collected.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Adds bytes.
     *
     * @param source from its position on, which is moved to its limit
     */
    public void put(ByteBuffer source) {
        int count = source.remaining();
        int at = extend(count);
        if (source.hasArray()) {
            System.arraycopy(source.array(), source.arrayOffset() + source.position(), bytes, at, count);
            source.position(source.limit());
        } else {
            source.get(bytes, at, count);
        }
    }

    /**
     * Adds bytes.
     *
     * @param source all of it
     */
    public void put(byte[] source) {
        int count = source.length;
        int at = extend(count);
        if (count == 2) {
            // The prefix of an echo, and most others: it takes no loop.
            bytes[at] = source[0];
            bytes[at + 1] = source[1];
        } else if (count > SHORT) {
            System.arraycopy(source, 0, bytes, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                bytes[at + i] = source[i];
            }
        }
    }

    /**
     * Adds a byte.
     *
     * @param value the byte
     */
    public void put(byte value) {
        int at = extend(1);
        bytes[at] = value;
    }

    /**
     * Puts some of what was collected where the kernel can read it.
     *
     * @param from the first byte
     * @param count bytes, at most {@link #WRITE_SIZE}
     * @return the address; valid until the next call
     */
    public long stage(int from, int count) {
        staged.bytes().put(0, bytes, from, count);
        return staged.address();
    }

    /**
     * Puts bytes from elsewhere where the kernel can read them.
     *
     * @param source its position is not moved
     * @param count bytes from the position on, at most {@link #WRITE_SIZE}
     * @return the address; valid until the next call
     */
    long stage(ByteBuffer source, int count) {
        staged.bytes().put(0, source, source.position(), count);
        return staged.address();
    }

    /**
     * A copy of what was collected, ready to be read.
     *
     * @param offset from which byte on
     * @return with position 0
     */
    public ByteBuffer copyFrom(int offset) {
        byte[] copy = memory.bytes(size - offset);
        System.arraycopy(bytes, offset, copy, 0, copy.length);
        return ByteBuffer.wrap(copy);
    }

    /**
     * Forgets what was put behind some byte.
     *
     * @param newSize how much stays, in bytes
     */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /**
     * Has what was put in the array count, be it more or less than room was made for.
     *
     * @param end the index behind it
     */
    public void putUpTo(int end) {
        size = end;
    }

    /** Forgets everything. Allocates nothing. */
    public void clear() {
        size = 0;
    }

    /**
     * Gives up memory that is seldom needed.
     *
     * @param largest how many bytes were collected
     */
    void used(int largest) {
        if (bytes.length > WRITE_SIZE) {
            commonUses = largest <= WRITE_SIZE ? commonUses + 1 : 0;
            if (commonUses >= COMMON_USES_BEFORE_SHRINKING) {
                commonUses = 0;
                bytes = memory.bytes(WRITE_SIZE);
            }
        }
    }

    /**
     * The memory itself, for who puts bytes there in a way of its own.
     *
     * @return valid until more room is made
     */
    public byte[] array() {
        return bytes;
    }

    /**
     * Makes room behind what is there, which counts as put from now on.
     *
     * @param more bytes
     * @return where in the array it begins
     */
    public int extend(int more) {
        int at = size;
        if (bytes.length - at < more) {
            byte[] larger = memory.bytes(Math.max(Math.multiplyExact(bytes.length, 2), Math.addExact(at, more)));
            System.arraycopy(bytes, 0, larger, 0, at);
            bytes = larger;
        }
        size = at + more;
        return at;
    }
}
