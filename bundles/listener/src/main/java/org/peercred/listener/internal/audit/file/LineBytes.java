/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line while it is made, in UTF-8, in an array that serves one line after the other: what goes to a file needs neither a string nor
 * an array of its own. Not thread-safe.
 */
public final class LineBytes {

    /** Arrays of longer lines are not kept. */
    private static final int USUAL = 8 << 10;

    private static final int LONGEST_NUMBER = 20;

    private byte[] bytes = new byte[USUAL];
    private int length;

    /** Begins a line. */
    public void clear() {
        length = 0;
        if (bytes.length > USUAL) {
            bytes = new byte[USUAL];
        }
    }

    /**
     * Its length so far.
     *
     * @return in bytes
     */
    public int length() {
        return length;
    }

    /** Where its bytes are, from index 0 on; for as long as nothing is appended. */
    byte[] array() {
        return bytes;
    }

    /**
     * Appends a text.
     *
     * @param text any
     * @return this
     */
    public LineBytes append(String text) {
        int size = text.length();
        room(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return encoded(text);
            }
            bytes[length + i] = (byte) c;
        }
        length += size;
        return this;
    }

    /**
     * Appends one character.
     *
     * @param c below 0x80
     * @return this
     */
    public LineBytes append(char c) {
        room(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /**
     * Appends a number in decimal digits.
     *
     * @param value any
     * @return this
     */
    public LineBytes append(long value) {
        if (value == Long.MIN_VALUE) {
            return append(Long.toString(value));
        }
        room(LONGEST_NUMBER);
        long rest = Math.abs(value);
        int end = length + (value < 0 ? 1 : 0) + digits(rest);
        bytes[length] = '-';
        length = end;
        do {
            bytes[--end] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        return this;
    }

    /**
     * What has been appended, or the end of it.
     *
     * @param from the index of the first byte; a character begins there
     * @return the text
     */
    public String text(int from) {
        return new String(bytes, from, length - from, StandardCharsets.UTF_8);
    }

    private LineBytes encoded(String text) {
        byte[] more = text.getBytes(StandardCharsets.UTF_8);
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    private void room(int size) {
        if (bytes.length - length < size) {
            bytes = Arrays.copyOf(bytes, Math.max(length + size, 2 * bytes.length));
        }
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
