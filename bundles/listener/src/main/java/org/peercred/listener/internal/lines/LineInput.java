/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.peercred.listener.internal.engine.BufferPool;

/**
 * Cuts what was read into lines. What is left over, a piece of a line or lines that have to wait, is kept from one read to the
 * next; the bytes themselves are looked at in place.
 */
final class LineInput {

    /** Takes the lines that are found. */
    interface Taker {

        /**
         * Takes one line.
         *
         * @param line the bytes without the line end, from position to limit; valid during the call only
         * @return whether the next one may follow; if not, it is kept
         */
        boolean take(ByteBuffer line);

        /** Whether it takes several lines at once. */
        boolean takesBatches();

        /**
         * Takes lines, at least one.
         *
         * @param lines whole lines with their ends, from position to limit; the position is moved behind those taken. Valid during
         *     the call only
         * @return whether the next ones may follow; if not, they are kept
         */
        boolean takeBatch(ByteBuffer lines);
    }

    private final BufferPool pool;
    private final LongConsumer keeping;
    /** Bytes of earlier reads, from position to limit; {@code null} if there are none. */
    private ByteBuffer kept;
    /** Bytes in {@link #kept} known to have no line end. */
    private int scanned;

    private ByteBuffer read;
    private int readIndex;
    private int readEnd;
    private int maximum;
    private boolean tooLong;
    private boolean keptDelivered;

    /**
     * Creates an input that holds nothing yet.
     *
     * @param pool where buffers come from
     * @param keeping told how many bytes are kept from now on, less than 0 if fewer
     */
    LineInput(BufferPool pool, LongConsumer keeping) {
        this.pool = pool;
        this.keeping = keeping;
    }

    /**
     * Starts on what was just read.
     *
     * @param bytes the read buffer, on the heap, or {@code null} to go on with what was kept
     * @param count how many bytes of it
     * @param maxLineLength bytes
     */
    void begin(ByteBuffer bytes, int count, int maxLineLength) {
        read = bytes;
        readIndex = 0;
        readEnd = count;
        maximum = maxLineLength;
        if (bytes != null) {
            bytes.clear();
        }
    }

    /**
     * Gives away every whole line in turn.
     *
     * @param taker may end it after each
     * @return false if it did: there may be more
     */
    boolean deliver(Taker taker) {
        while (kept != null) {
            ByteBuffer line = nextKept();
            if (line == null) {
                return true;
            }
            boolean more = taker.take(line);
            if (keptDelivered) {
                discard();
            }
            if (!more) {
                return false;
            }
        }
        if (read == null) {
            return true;
        }
        // No line of a batch is too long: one with its end is not longer than all that was read.
        if (taker.takesBatches() && readEnd - readIndex <= maximum + 1) {
            return deliverBatches(taker);
        }
        return deliverRead(taker);
    }

    private boolean deliverBatches(Taker taker) {
        int end = LineScanner.findLast(read, readIndex, readEnd) + 1;
        while (readIndex < end) {
            read.limit(end).position(readIndex);
            boolean more = taker.takeBatch(read);
            readIndex = read.position();
            if (!more) {
                return false;
            }
        }
        tooLong = readEnd - readIndex > maximum;
        return true;
    }

    private boolean deliverRead(Taker taker) {
        ByteBuffer line = read;
        byte[] bytes = line.array();
        int offset = line.arrayOffset();
        int from = readIndex + offset;
        int to = readEnd + offset;
        int longest = maximum;
        int end = LineScanner.find(bytes, from, to);
        while (end >= 0 && end - from <= longest) {
            line.limit(end - offset).position(from - offset);
            from = end + 1;
            readIndex = from - offset;
            if (!taker.take(line)) {
                return false;
            }
            end = LineScanner.find(bytes, from, to);
        }
        tooLong = (end < 0 ? to : end) - from > longest;
        return true;
    }

    /** Whether the line now being received is longer than allowed. */
    boolean tooLong() {
        return tooLong;
    }

    /** Keeps what was read and not delivered. Called when nothing more can be delivered for now. */
    void keep() {
        int rest = readEnd - readIndex;
        if (read != null && rest > 0) {
            read.limit(readEnd);
            append(readIndex, rest);
        }
        read = null;
        readIndex = 0;
        readEnd = 0;
    }

    void discard() {
        replace(null);
        keptDelivered = false;
        scanned = 0;
    }

    private ByteBuffer nextKept() {
        int start = kept.position();
        int size = kept.limit();
        int end = LineScanner.find(kept, start + scanned, size);
        if (end >= 0) {
            return deliverKept(start, end, size);
        }
        scanned = size - start;
        int more = read == null ? -1 : LineScanner.find(read, readIndex, readEnd);
        int length = (more < 0 ? readEnd : more) - readIndex;
        tooLong = scanned + length > maximum;
        if (tooLong || read == null) {
            return null;
        }
        read.limit(readEnd);
        append(readIndex, length);
        readIndex += length;
        if (more < 0) {
            scanned += length;
            return null;
        }
        readIndex++;
        keptDelivered = true;
        return kept;
    }

    private ByteBuffer deliverKept(int start, int end, int size) {
        if (end - start > maximum) {
            tooLong = true;
            return null;
        }
        scanned = 0;
        ByteBuffer line = kept.slice(start, end - start);
        kept.position(end + 1);
        keptDelivered = end + 1 == size;
        return line;
    }

    private void append(int from, int count) {
        int size = kept == null ? 0 : kept.remaining();
        if (kept == null || kept.capacity() - kept.limit() < count) {
            ByteBuffer larger = pool.take(Math.max(size + count, kept == null ? 0 : Math.min(2 * size, maximum + 1)));
            larger.limit(size);
            if (kept != null) {
                larger.put(0, kept, kept.position(), size);
            }
            replace(larger);
        }
        int end = kept.limit();
        kept.limit(end + count);
        kept.put(end, read, from, count);
    }

    /** Refers to another buffer before the one before is given back: at no time may two connections refer to one. */
    private void replace(ByteBuffer other) {
        ByteBuffer before = kept;
        kept = other;
        keeping.accept((other == null ? 0L : other.capacity()) - (before == null ? 0L : before.capacity()));
        if (before != null) {
            pool.give(before);
        }
    }
}
