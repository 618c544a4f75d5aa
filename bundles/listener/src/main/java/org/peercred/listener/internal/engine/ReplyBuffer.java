/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * Collects what one read is answered with, so that it goes out in one write. One per loop; it grows to the largest answer and,
 * when that was an uncommonly large one, shrinks again.
 */
final class ReplyBuffer {

    /** The most that is handed to the kernel at once, in bytes. */
    static final int WRITE_SIZE = 256 * 1024;

    /** Up to so many bytes, putting them one by one is faster than a call of the copying routine. */
    private static final int SHORT = 8;
    /** Shrinking at once would allocate anew for each answer of a client that asks for large ones. */
    private static final int COMMON_USES_BEFORE_SHRINKING = 1000;

    private final NativeBuffer memory = new NativeBuffer(WRITE_SIZE);
    private final LineCopier copier = new LineCopier();
    private byte[] bytes = new byte[WRITE_SIZE];
    private int size;
    private int commonUses;

    int size() {
        return size;
    }

    void put(ByteBuffer source) {
        int count = source.remaining();
        int at = extend(count);
        if (source.hasArray()) {
            System.arraycopy(source.array(), source.arrayOffset() + source.position(), bytes, at, count);
            source.position(source.limit());
        } else {
            source.get(bytes, at, count);
        }
    }

    void put(byte[] source) {
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
     * Puts lines with their ends, each behind a prefix: the first, and more until there are enough bytes.
     *
     * @param prefix what stands before each
     * @param lines whole lines, on the heap; the position is moved behind those put
     * @param enough no more lines are put when so many bytes are collected
     * @return how many lines
     */
    int putLines(byte[] prefix, ByteBuffer lines, int enough) {
        int largest = Math.addExact(prefix.length + LineCopier.SLACK, lines.remaining());
        int at = extend(largest);
        byte[] target = bytes;
        // Wherever a line begins up to there, it fits, however long it is.
        int stop = Math.min(enough, target.length - largest + 1);
        byte[] source = lines.array();
        int offset = lines.arrayOffset();
        int from = offset + lines.position();
        int end = offset + lines.limit();
        int count = 0;
        if (prefix.length <= LineCopier.PREFIX && source.length - end >= LineCopier.SLACK) {
            count = copier.copy(prefix, source, from, end, target, at, stop);
            from = copier.sourceEnd();
            at = copier.targetEnd();
        } else {
            do {
                System.arraycopy(prefix, 0, target, at, prefix.length);
                at += prefix.length;
                int next = LineScanner.find(source, from, end) + 1;
                System.arraycopy(source, from, target, at, next - from);
                at += next - from;
                from = next;
                count++;
            } while (from < end && at < stop);
        }
        lines.position(from - offset);
        size = at;
        return count;
    }

    void put(byte value) {
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
    long stage(int from, int count) {
        memory.bytes().put(0, bytes, from, count);
        return memory.address();
    }

    /**
     * Puts bytes from elsewhere where the kernel can read them.
     *
     * @param source its position is not moved
     * @param count bytes from the position on, at most {@link #WRITE_SIZE}
     * @return the address; valid until the next call
     */
    long stage(ByteBuffer source, int count) {
        memory.bytes().put(0, source, source.position(), count);
        return memory.address();
    }

    /** A copy of what was collected from some byte on, ready to be read. */
    ByteBuffer copyFrom(int offset) {
        return ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, size));
    }

    /** Forgets what was put behind some byte. */
    void truncate(int newSize) {
        size = newSize;
    }

    void clear() {
        if (bytes.length > WRITE_SIZE) {
            commonUses = size <= WRITE_SIZE ? commonUses + 1 : 0;
            if (commonUses >= COMMON_USES_BEFORE_SHRINKING) {
                commonUses = 0;
                bytes = new byte[WRITE_SIZE];
            }
        }
        size = 0;
    }

    /** Makes room behind what is there; where it begins. */
    private int extend(int more) {
        int at = size;
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.multiplyExact(bytes.length, 2), Math.addExact(at, more)));
        }
        size = at + more;
        return at;
    }
}
