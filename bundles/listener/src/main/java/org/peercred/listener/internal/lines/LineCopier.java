/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.peercred.listener.internal.engine.ReadBuffer;
import org.peercred.listener.internal.engine.ReplyBuffer;

/**
 * Copies lines, each behind a short prefix. Line ends are looked for in the words that are being copied, so that each byte is
 * fetched once.
 *
 * <p>It is written as the compiler wants it, four words at a time and all in local variables of one method: divided into methods,
 * or with a loop over the four words, it takes a third more time.
 */
final class LineCopier {

    /** So many bytes behind the lines are read, and so many behind the copy overwritten, at most. */
    static final int SLACK = ReadBuffer.SLACK;

    /** The longest prefix, in bytes. */
    static final int PREFIX = Long.BYTES;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final LineCopier COPIER = new LineCopier(0x0101010101010101L);

    // Fields and not constants for the reason that LineScanner gives.
    private final long ones;
    private final long newlines;
    private final long highBits;

    private LineCopier(long ones) {
        this.ones = ones;
        newlines = ones * '\n';
        highBits = ones << 7;
    }

    /**
     * Puts lines with their ends, each behind a prefix: the first, and more until there are enough bytes.
     *
     * @param buffer where they are put
     * @param prefix what stands before each
     * @param lines whole lines, on the heap; the position is moved behind those put
     * @param enough no more lines are put when so many bytes are collected
     * @return how many lines
     */
    static int put(ReplyBuffer buffer, byte[] prefix, ByteBuffer lines, int enough) {
        int largest = Math.addExact(prefix.length + SLACK, lines.remaining());
        int at = buffer.extend(largest);
        byte[] target = buffer.array();
        // Wherever a line begins up to there, it fits, however long it is.
        int stop = Math.min(enough, target.length - largest + 1);
        byte[] source = lines.array();
        int offset = lines.arrayOffset();
        int from = offset + lines.position();
        int end = offset + lines.limit();
        int count = 0;
        if (prefix.length <= PREFIX && source.length - end >= SLACK) {
            long copied = COPIER.copy(prefix, source, from, end, target, at, stop);
            count = (int) (copied >>> Integer.SIZE);
            // What is not the prefixes' is the lines'.
            from += (int) copied - at - count * prefix.length;
            at = (int) copied;
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
        buffer.putUpTo(at);
        return count;
    }

    /**
     * Copies lines with their ends: the first, and then until one of both limits is reached.
     *
     * @param prefix at most {@link #PREFIX} bytes
     * @param source has {@link #SLACK} bytes behind the lines
     * @param from the first line's first index
     * @param end the index behind the last line
     * @param target has room for what is copied and {@link #SLACK} bytes
     * @param to where the first prefix goes
     * @param stop no line is begun there or behind
     * @return how many lines, in the upper half, and the index in the target behind what was copied, in the lower
     */
    private long copy(byte[] prefix, byte[] source, int from, int end, byte[] target, int to, int stop) {
        long one = ones;
        long newline = newlines;
        long highBit = highBits;
        int prefixLength = prefix.length;
        long prefixWord = word(prefix);
        int in = from;
        int out = to;
        int count = 0;
        do {
            WORDS.set(target, out, prefixWord);
            out += prefixLength;
            count++;
            long lineEnd;
            while (true) {
                long first = (long) WORDS.get(source, in);
                long second = (long) WORDS.get(source, in + 8);
                long third = (long) WORDS.get(source, in + 16);
                long fourth = (long) WORDS.get(source, in + 24);
                WORDS.set(target, out, first);
                WORDS.set(target, out + 8, second);
                WORDS.set(target, out + 16, third);
                WORDS.set(target, out + 24, fourth);
                // As in LineScanner: the lowest bit that is left marks the first line end.
                first ^= newline;
                second ^= newline;
                third ^= newline;
                fourth ^= newline;
                first = (first - one) & ~first & highBit;
                second = (second - one) & ~second & highBit;
                third = (third - one) & ~third & highBit;
                fourth = (fourth - one) & ~fourth & highBit;
                if ((first | second | third | fourth) != 0) {
                    lineEnd = first;
                    if (lineEnd == 0) {
                        in += 8;
                        out += 8;
                        lineEnd = second;
                        if (lineEnd == 0) {
                            in += 8;
                            out += 8;
                            lineEnd = third;
                            if (lineEnd == 0) {
                                in += 8;
                                out += 8;
                                lineEnd = fourth;
                            }
                        }
                    }
                    break;
                }
                in += SLACK;
                out += SLACK;
            }
            int rest = (Long.numberOfTrailingZeros(lineEnd) >>> 3) + 1;
            in += rest;
            out += rest;
        } while (in < end && out < stop);
        return ((long) count << Integer.SIZE) | out;
    }

    private static long word(byte[] bytes) {
        long word = 0;
        for (int i = 0; i < bytes.length; i++) {
            word |= (bytes[i] & 0xFFL) << (8 * i);
        }
        return word;
    }
}
