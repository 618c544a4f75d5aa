/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.util.Arrays;

/**
 * Whole lines that wait to be written, together. What has been written of them is known to the byte, so that a line that was cut
 * short is finished, or written once more elsewhere. Not thread-safe; whatever fails, it stays as it was before.
 */
final class LineBuffer {

    /** What waits at most, in bytes; one longer line may wait alone. */
    static final int SIZE = 64 << 10;

    /** The most lines. */
    static final int LINES = 1024;

    private byte[] bytes = new byte[SIZE];
    private final int[] ends = new int[LINES];
    private final long[] counts = new long[LINES];
    private int lines;
    private int done;
    private int end;
    private int written;

    boolean isEmpty() {
        return written == end;
    }

    /** Whether a line of so many bytes, without its end, finds room. */
    boolean fits(int length) {
        return isEmpty() || (lines < LINES && end + length < SIZE);
    }

    /**
     * Adds a line that fits.
     *
     * @param line the line, without its end
     * @param count how many events it stands for
     */
    void add(LineBytes line, long count) {
        if (isEmpty()) {
            clear();
        }
        int after = end + line.length() + 1;
        if (after > bytes.length) {
            bytes = Arrays.copyOf(bytes, after);
        }
        System.arraycopy(line.array(), 0, bytes, end, line.length());
        bytes[after - 1] = '\n';
        ends[lines] = after;
        counts[lines] = count;
        end = after;
        lines++;
    }

    /** How many bytes are to be written. */
    int length() {
        return end - written;
    }

    /** Copies what is to be written next. Returns how many bytes that are. */
    int copy(java.nio.ByteBuffer target) {
        int length = Math.min(length(), target.capacity());
        target.clear();
        target.put(bytes, written, length);
        return length;
    }

    /** So many bytes have been written. */
    void advance(int count) {
        written += count;
        while (done < lines && ends[done] <= written) {
            done++;
        }
    }

    /** Whether a line was cut short. */
    boolean isMidLine() {
        return written != lineStart();
    }

    /** Has the line that was cut short written as a whole. */
    void rewind() {
        written = lineStart();
    }

    /** How many events wait, those of a line that was cut short included. */
    long events() {
        long events = 0;
        for (int i = done; i < lines; i++) {
            events += counts[i];
        }
        return events;
    }

    private int lineStart() {
        return done == 0 ? 0 : ends[done - 1];
    }

    private void clear() {
        lines = 0;
        done = 0;
        end = 0;
        written = 0;
        if (bytes.length > SIZE) {
            bytes = new byte[SIZE];
        }
    }
}
