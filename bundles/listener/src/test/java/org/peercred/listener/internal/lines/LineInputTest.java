/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.engine.BufferPool;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.ReadBuffer;

@Timeout(120)
class LineInputTest {

    private final ByteBuffer memory = ByteBuffer.allocate(ReadBuffer.CAPACITY);

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void delivers_each_line_once_and_whole_with_pauses_anywhere(long seed) {
        deliversAll(seed, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void delivers_each_line_once_and_whole_in_batches(long seed) {
        deliversAll(seed, true);
    }

    private void deliversAll(long seed, boolean batches) {
        Random random = new Random(seed);
        int maximum = 1 + random.nextInt(300);
        List<String> expected = new ArrayList<>();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            String line = text(random, random.nextInt(3) == 0 ? maximum : random.nextInt(maximum + 1));
            expected.add(line);
            stream.append(line).append('\n');
        }
        LineInput input = new LineInput(new BufferPool(Memory.HEAP), kept -> {});
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
            int stop = delivered.size() + 1 + random.nextInt(4);
            input.deliver(new TestTaker(batches, line -> {
                delivered.add(line);
                return delivered.size() < stop;
            }));
            rest = delivered.size() == stop;
            assertEquals(false, input.tooLong());
            input.keep();
        }
        assertEquals(expected, delivered);
    }

    @Test
    void lines_before_one_that_is_too_long_are_delivered_also_to_who_takes_batches() {
        LineInput input = new LineInput(new BufferPool(Memory.HEAP), kept -> {});
        List<String> delivered = new ArrayList<>();
        byte[] bytes = "one\ntwo\nlonger than four\nsix\n".getBytes(StandardCharsets.US_ASCII);
        memory.put(0, bytes);
        input.begin(memory, bytes.length, 4);
        input.deliver(new TestTaker(true, delivered::add));
        assertEquals(List.of("one", "two"), delivered);
        assertEquals(true, input.tooLong());
    }

    @Test
    void finds_a_line_end_at_every_place_and_only_there() {
        for (int length = 0; length < 40; length++) {
            for (int at = -1; at < length; at++) {
                byte[] bytes = new byte[64];
                for (int i = 0; i < 64; i++) {
                    bytes[i] = (byte) (i % 2 == 0 ? 0x0B : 0x8A);
                }
                bytes[length] = (byte) '\n';
                if (at >= 0) {
                    bytes[at] = (byte) '\n';
                }
                assertEquals(at, LineScanner.find(bytes, 0, length), length + " " + at);
            }
        }
    }

    @Test
    void finds_the_last_line_end_at_every_place() {
        for (int from = 0; from < 20; from++) {
            for (int to = from; to < 40; to++) {
                for (int at = from - 1; at < to; at++) {
                    byte[] bytes = new byte[40];
                    Arrays.fill(bytes, (byte) 0x8A);
                    Arrays.fill(bytes, 0, from, (byte) '\n');
                    Arrays.fill(bytes, to, 40, (byte) '\n');
                    if (at >= from) {
                        bytes[at] = (byte) '\n';
                        bytes[(from + at) / 2] = (byte) '\n';
                    }
                    assertEquals(
                            at, LineScanner.findLast(ByteBuffer.wrap(bytes), from, to), from + " " + to + " " + at);
                }
            }
        }
    }

    @Test
    void a_service_that_plays_with_the_line_it_got_spoils_nothing() {
        LineInput input = new LineInput(new BufferPool(Memory.HEAP), kept -> {});
        List<String> delivered = new ArrayList<>();
        LineInput.Taker vandal = new TestTaker(false, delivered::add) {
            @Override
            public boolean take(ByteBuffer line) {
                super.take(line);
                line.clear().order(ByteOrder.BIG_ENDIAN).limit(0);
                return true;
            }
        };
        memory.put(0, "one\ntwo\nth".getBytes(StandardCharsets.US_ASCII));
        input.begin(memory, 10, 100);
        input.deliver(vandal);
        input.keep();
        memory.put(0, "ree\nfour\n".getBytes(StandardCharsets.US_ASCII));
        input.begin(memory, 9, 100);
        input.deliver(vandal);
        input.keep();
        assertEquals(List.of("one", "two", "three", "four"), delivered);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = (char) random.nextInt(256);
            text.append(c == '\n' ? ' ' : c);
        }
        return text.toString();
    }

    /** Takes lines in the one way or the other, a few of a batch at a time. */
    private static class TestTaker implements LineInput.Taker {

        private final boolean batches;
        private final Predicate<String> next;

        TestTaker(boolean batches, Predicate<String> next) {
            this.batches = batches;
            this.next = next;
        }

        @Override
        public boolean take(ByteBuffer line) {
            return next.test(StandardCharsets.ISO_8859_1.decode(line).toString());
        }

        @Override
        public boolean takesBatches() {
            return batches;
        }

        @Override
        public boolean takeBatch(ByteBuffer lines) {
            assertEquals('\n', lines.get(lines.limit() - 1));
            boolean more = true;
            for (int i = 0; more && i < 3 && lines.hasRemaining(); i++) {
                StringBuilder line = new StringBuilder();
                for (char c = (char) (lines.get() & 0xFF); c != '\n'; c = (char) (lines.get() & 0xFF)) {
                    line.append(c);
                }
                more = next.test(line.toString());
            }
            return more;
        }
    }
}
