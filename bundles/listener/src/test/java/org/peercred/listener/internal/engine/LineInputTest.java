/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LineInputTest {

    private final ByteBuffer memory = ByteBuffer.allocate(EventLoop.READ_SIZE);

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void delivers_each_line_once_and_whole_with_pauses_anywhere(long seed) {
        Random random = new Random(seed);
        int maximum = 1 + random.nextInt(300);
        List<String> expected = new ArrayList<>();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            String line = text(random, random.nextInt(3) == 0 ? maximum : random.nextInt(maximum + 1));
            expected.add(line);
            stream.append(line).append('\n');
        }
        LineInput input = new LineInput(new BufferPool());
        List<String> delivered = new ArrayList<>();
        byte[] bytes = stream.toString().getBytes(StandardCharsets.ISO_8859_1);
        int sent = 0;
        boolean rest = false;
        while (sent < bytes.length || rest) {
            int count = 0;
            if (rest) {
                input.begin(null, 0, maximum);
            } else {
                count = Math.min(bytes.length - sent, 1 + random.nextInt(maximum + 1));
                memory.clear();
                memory.put(0, bytes, sent, count);
                sent += count;
                input.begin(memory, count, maximum);
            }
            rest = false;
            for (ByteBuffer line = input.next(); line != null; line = input.next()) {
                delivered.add(StandardCharsets.ISO_8859_1.decode(line).toString());
                if (random.nextInt(3) == 0) {
                    rest = true;
                    break;
                }
            }
            assertEquals(false, input.tooLong());
            input.keep();
        }
        assertEquals(expected, delivered);
    }

    @Test
    void finds_a_line_end_at_every_place_and_only_there() {
        for (int length = 0; length < 40; length++) {
            for (int at = -1; at < length; at++) {
                for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
                    ByteBuffer bytes = ByteBuffer.allocate(64).order(order);
                    for (int i = 0; i < 64; i++) {
                        bytes.put(i, (byte) (i % 2 == 0 ? 0x0B : 0x8A));
                    }
                    bytes.put(length, (byte) '\n');
                    if (at >= 0) {
                        bytes.put(at, (byte) '\n');
                    }
                    assertEquals(at, LineScanner.find(bytes, 0, length), length + " " + at);
                }
            }
        }
    }

    @Test
    void a_service_that_plays_with_the_line_it_got_spoils_nothing() {
        LineInput input = new LineInput(new BufferPool());
        memory.put(0, "one\ntwo\nth".getBytes(StandardCharsets.US_ASCII));
        input.begin(memory, 10, 100);
        input.next().clear().order(ByteOrder.BIG_ENDIAN).limit(0);
        assertEquals("two", StandardCharsets.US_ASCII.decode(input.next()).toString());
        assertEquals(null, input.next());
        input.keep();
        memory.put(0, "ree\nfour\n".getBytes(StandardCharsets.US_ASCII));
        input.begin(memory, 9, 100);
        ByteBuffer three = input.next();
        assertEquals("three", StandardCharsets.US_ASCII.decode(three).toString());
        three.clear();
        assertEquals("four", StandardCharsets.US_ASCII.decode(input.next()).toString());
        assertTrue(input.next() == null);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = (char) random.nextInt(256);
            text.append(c == '\n' ? ' ' : c);
        }
        return text.toString();
    }
}
