/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.ReplyBuffer;

@Timeout(120)
class LineCopierTest {

    private static final String LINES = "one\n\nthree is a line of more than 32 bytes, and than 40 as well\n4\n";

    @ParameterizedTest
    @ValueSource(strings = {"", "> ", "8 bytes:", "more than 8 bytes: "})
    void puts_lines_however_little_of_its_memory_is_left(String prefix) {
        byte[] prefixBytes = prefix.getBytes(StandardCharsets.US_ASCII);
        String expected = prefix + LINES.substring(0, LINES.length() - 1).replace("\n", "\n" + prefix) + "\n";
        for (int left = 0; left < expected.length() + 2 * LineCopier.SLACK; left++) {
            ReplyBuffer buffer = new ReplyBuffer(Memory.HEAP);
            int start = ReplyBuffer.WRITE_SIZE - left;
            buffer.put(new byte[start]);
            ByteBuffer lines = ByteBuffer.allocate(LINES.length() + LineCopier.SLACK)
                    .put(LINES.getBytes(StandardCharsets.US_ASCII))
                    .flip();
            int count = 0;
            while (lines.hasRemaining()) {
                count += LineCopier.put(buffer, prefixBytes, lines, Integer.MAX_VALUE);
            }
            assertEquals(4, count);
            assertEquals(
                    expected,
                    StandardCharsets.US_ASCII.decode(buffer.copyFrom(start)).toString(),
                    left + " left");
        }
    }

    @Test
    void takes_no_byte_value_for_a_line_end_but_one() {
        ReplyBuffer buffer = new ReplyBuffer(Memory.HEAP);
        for (int at = 0; at < 40; at++) {
            byte[] source = new byte[41 + LineCopier.SLACK];
            for (int value = 0; value < 256; value++) {
                Arrays.fill(source, (byte) (value == '\n' ? 0 : value));
                source[at] = (byte) (value ^ 0x80);
                if (source[at] == '\n') {
                    source[at] = '\r';
                }
                source[40] = '\n';
                buffer.clear();
                assertEquals(1, LineCopier.put(buffer, new byte[0], ByteBuffer.wrap(source, 0, 41), Integer.MAX_VALUE));
                assertEquals(ByteBuffer.wrap(source, 0, 41), buffer.copyFrom(0));
            }
        }
    }
}
