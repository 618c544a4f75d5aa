/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds line ends, eight bytes at a time. */
final class LineScanner {

    private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private LineScanner() {}

    /**
     * The first {@code \n} in a range.
     *
     * @param bytes a buffer; its position does not count, its limit is {@code to} or beyond
     * @param from the first index
     * @param to the index behind the last
     * @return its index, -1 if there is none
     */
    static int find(ByteBuffer bytes, int from, int to) {
        int index = from;
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            long word = bytes.getLong(index) ^ NEWLINES;
            // A byte that is zero borrows from its high bit. In the lowest bits, which come first on little-endian
            // machines,
            // that is exact; a borrow can only reach higher ones.
            long zeros = (word - ONES) & ~word & HIGH_BITS;
            if (zeros != 0) {
                if (bytes.order() == ByteOrder.LITTLE_ENDIAN) {
                    return index + (Long.numberOfTrailingZeros(zeros) >>> 3);
                }
                break;
            }
        }
        for (; index < to; index++) {
            if (bytes.get(index) == '\n') {
                return index;
            }
        }
        return -1;
    }
}
