/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds line ends, eight bytes at a time.
 *
 * <p>The patterns are fields of an object and not constants: the compiler would load a constant of eight bytes anew for each
 * word, and scanning would take twice the time.
 */
final class LineScanner {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final LineScanner SCANNER = new LineScanner(0x0101010101010101L);

    private final long ones;
    private final long newlines;
    private final long highBits;

    private LineScanner(long ones) {
        this.ones = ones;
        newlines = ones * '\n';
        highBits = ones << 7;
    }

    /**
     * The first {@code \n} in a range.
     *
     * @param buffer on the heap; its position and limit do not count
     * @param from the first index
     * @param to the index behind the last
     * @return its index, -1 if there is none
     */
    static int find(ByteBuffer buffer, int from, int to) {
        int offset = buffer.arrayOffset();
        int index = find(buffer.array(), offset + from, offset + to);
        return index < 0 ? -1 : index - offset;
    }

    /**
     * The first {@code \n} in a range.
     *
     * @param bytes the array
     * @param from the first index
     * @param to the index behind the last
     * @return its index, -1 if there is none
     */
    static int find(byte[] bytes, int from, int to) {
        return SCANNER.search(bytes, from, to);
    }

    /**
     * The last {@code \n} in a range.
     *
     * @param buffer on the heap; its position and limit do not count
     * @param from the first index
     * @param to the index behind the last
     * @return its index, {@code from - 1} if there is none
     */
    static int findLast(ByteBuffer buffer, int from, int to) {
        int offset = buffer.arrayOffset();
        return SCANNER.searchBack(buffer.array(), offset + from, offset + to) - offset;
    }

    private int search(byte[] bytes, int from, int to) {
        long one = ones;
        long newline = newlines;
        long highBit = highBits;
        int index = from;
        for (; index <= to - Long.BYTES; index += Long.BYTES) {
            long word = (long) WORDS.get(bytes, index) ^ newline;
            // A byte that is zero borrows from its high bit: exact for the lowest, which is the first byte; only higher
            // ones may be wrong.
            long zeros = (word - one) & ~word & highBit;
            if (zeros != 0) {
                return index + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; index < to; index++) {
            if (bytes[index] == '\n') {
                return index;
            }
        }
        return -1;
    }

    private int searchBack(byte[] bytes, int from, int to) {
        int index = to;
        // Where there is a line end in a word, the bytes tell which is the last.
        while (index - Long.BYTES >= from && !hasLineEnd((long) WORDS.get(bytes, index - Long.BYTES))) {
            index -= Long.BYTES;
        }
        do {
            index--;
        } while (index >= from && bytes[index] != '\n');
        return index;
    }

    private boolean hasLineEnd(long word) {
        long difference = word ^ newlines;
        return ((difference - ones) & ~difference & highBits) != 0;
    }
}
