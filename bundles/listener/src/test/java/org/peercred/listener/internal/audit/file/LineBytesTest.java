/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineBytesTest {

    private final LineBytes line = new LineBytes();

    private byte[] bytes() {
        return Arrays.copyOf(line.array(), line.length());
    }

    @Test
    void numbers_are_decimal_digits() {
        long[] values = {0, 9, 10, 99, 100, -1, -10, 4294967295L, Long.MAX_VALUE, Long.MIN_VALUE + 1, Long.MIN_VALUE};
        for (long value : values) {
            line.clear();
            line.append("n=").append(value).append(';');
            assertEquals("n=" + value + ";", line.text(0));
        }
    }

    @Test
    void any_text_becomes_what_a_string_of_it_becomes() {
        Random random = new Random(19);
        int[] letters = {'a', ' ', '"', 0x7f, 0x80, 0x7ff, 0x800, 0xd83d, 0xdc80, 0xffff};
        for (int round = 0; round < 2000; round++) {
            line.clear();
            StringBuilder expected = new StringBuilder();
            for (int part = random.nextInt(4); part >= 0; part--) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(6); i > 0; i--) {
                    text.append((char) letters[random.nextInt(letters.length)]);
                }
                line.append(text.toString()).append('|').append(part);
                expected.append(text).append('|').append(part);
            }
            assertArrayEquals(expected.toString().getBytes(StandardCharsets.UTF_8), bytes());
        }
    }

    @Test
    void a_long_line_has_room_and_the_next_one_begins_anew() {
        String ascii = "x".repeat(100_000);
        String other = "\u20ac".repeat(100_000);
        line.append(ascii).append(other).append('!');
        assertEquals(ascii + other + "!", line.text(0));
        assertEquals(other + "!", line.text(ascii.length()));
        line.clear();
        assertEquals(0, line.length());
        assertEquals("y", line.append('y').text(0));
    }
}
