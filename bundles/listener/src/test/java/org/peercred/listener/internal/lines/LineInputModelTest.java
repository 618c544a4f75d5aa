/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.listener.internal.engine.BufferPool;
import org.peercred.listener.internal.engine.Memory;

/** Every short stream, cut into reads in every way, beside what it must become. */
@Timeout(120)
class LineInputModelTest {

    private static final int LENGTH = 7;
    private static final String BEFORE = "\n\n\n";

    private long kept;
    private int changes;
    private LineInput input = newInput();

    @ParameterizedTest
    @CsvSource({"false,1", "false,2", "false,100", "true,1", "true,2", "true,100"})
    void every_short_stream_in_every_cut_becomes_its_lines(boolean batches, int stopAfter) {
        for (int maximum = 1; maximum <= 4; maximum++) {
            for (int content = 0; content < 1 << LENGTH; content++) {
                for (int cuts = 0; cuts < 1 << (LENGTH - 1); cuts++) {
                    follow(stream(content), cuts, maximum, new Lines(batches, stopAfter));
                }
            }
        }
    }

    @Test
    void a_line_that_comes_byte_by_byte_is_moved_a_few_times_and_takes_no_more_room_than_the_longest() {
        int longest = 100_000;
        byte[] one = {'x'};
        for (int i = 0; i < longest; i++) {
            input.begin(ByteBuffer.wrap(one), 1, longest);
            assertTrue(input.deliver(new Lines(false, 1)));
            input.keep();
            assertTrue(kept <= longest + 1, () -> "kept " + kept);
        }
        assertEquals(6, changes);
        input.begin(ByteBuffer.wrap(one), 1, longest);
        input.deliver(new Lines(false, 1));
        assertTrue(input.tooLong());
        input.discard();
        assertEquals(0, kept);
    }

    private LineInput newInput() {
        return new LineInput(new BufferPool(Memory.HEAP), by -> {
            kept += by;
            changes++;
        });
    }

    /** Letters, each another, and line ends. */
    private static byte[] stream(int content) {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) ((content >> i & 1) == 0 ? 'a' + i : '\n');
        }
        return bytes;
    }

    private void follow(byte[] stream, int cuts, int maximum, Lines lines) {
        input = newInput();
        int from = 0;
        boolean tooLong = false;
        for (int to = 1; to <= stream.length && !tooLong; to++) {
            if (to < stream.length && (cuts >> (to - 1) & 1) == 0) {
                continue;
            }
            input.begin(read(stream, from, to), to - from, maximum);
            while (!input.deliver(lines)) {
                assertTrue(lines.stopped());
                input.keep();
                input.begin(null, 0, maximum);
            }
            List<String> expected = new ArrayList<>();
            int rest = split(stream, to, maximum, expected);
            tooLong = lengthOfNext(stream, rest, to) > maximum;
            assertEquals(expected, lines.taken);
            assertEquals(tooLong, input.tooLong());
            if (!tooLong) {
                input.keep();
                assertEquals(rest == to, kept == 0, () -> "kept " + kept);
                assertTrue(kept >= to - rest);
            }
            from = to;
        }
        input.begin(null, 0, maximum);
        assertTrue(tooLong || input.deliver(lines));
        input.keep();
        input.discard();
        assertEquals(0, kept);
    }

    /** In the middle of other bytes, as those of an earlier read are; what a buffer says of itself does not count. */
    private static ByteBuffer read(byte[] stream, int from, int to) {
        ByteBuffer whole = ByteBuffer.allocate(3 + LENGTH + BEFORE.length());
        whole.put(BEFORE.getBytes(StandardCharsets.US_ASCII)).put(stream, from, to - from);
        whole.put(BEFORE.getBytes(StandardCharsets.US_ASCII));
        whole.position(BEFORE.length());
        return whole.slice().limit(0);
    }

    /** What has come must have become these lines. Returns where what is no line yet begins. */
    private static int split(byte[] stream, int to, int maximum, List<String> lines) {
        int start = 0;
        for (int i = 0; i < to; i++) {
            if (stream[i] == '\n') {
                if (i - start > maximum) {
                    return start;
                }
                lines.add(new String(stream, start, i - start, StandardCharsets.US_ASCII));
                start = i + 1;
            }
        }
        return start;
    }

    private static int lengthOfNext(byte[] stream, int start, int to) {
        int end = start;
        while (end < to && stream[end] != '\n') {
            end++;
        }
        return end - start;
    }

    /** Takes lines, a certain number at a time. */
    private static final class Lines implements LineInput.Taker {

        private final boolean batches;
        private final int stopAfter;
        private final List<String> taken = new ArrayList<>();

        Lines(boolean batches, int stopAfter) {
            this.batches = batches;
            this.stopAfter = stopAfter;
        }

        boolean stopped() {
            return taken.size() % stopAfter == 0;
        }

        @Override
        public boolean take(ByteBuffer line) {
            byte[] bytes = new byte[line.remaining()];
            line.get(bytes);
            taken.add(new String(bytes, StandardCharsets.US_ASCII));
            return !stopped();
        }

        @Override
        public boolean takesBatches() {
            return batches;
        }

        @Override
        public boolean takeBatch(ByteBuffer lines) {
            int limit = lines.limit();
            assertEquals('\n', lines.get(limit - 1));
            boolean more = true;
            while (more && lines.hasRemaining()) {
                int end = LineScanner.find(lines, lines.position(), limit);
                more = take(lines.slice(lines.position(), end - lines.position()));
                lines.position(end + 1);
            }
            return more;
        }
    }
}
