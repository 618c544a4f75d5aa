/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PlainOutputTest {

    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
    private final PlainOutput output = new PlainOutput(sink);

    @Test
    void text_goes_on_as_it_is_in_any_encoding() throws IOException {
        byte[] bytes = {'a', '\t', (byte) 0x9b, (byte) 0xff, 0, '\n'};
        output.write(bytes);
        assertEquals("[97, 9, -101, -1, 0, 10]", java.util.Arrays.toString(sink.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u001b[1;31mb\u001b[0mc",
                "a\u001b[?25lbc",
                "a\u001b]0;title\u0007bc",
                "a\u001b]0;title\u001b\\bc",
                "a\u001bPq#0\u001b\\bc",
                "a\u001b(Bbc",
                "a\u001b=bc",
                "a\u001b\u001b[mbc"
            })
    void what_is_for_a_terminal_only_is_left_out_however_it_is_cut(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            sink.reset();
            output.write(bytes, 0, cut);
            output.write(bytes, cut, bytes.length - cut);
            assertEquals("abc", sink.toString(StandardCharsets.UTF_8), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b",
                "\u001b(",
                "\u001b[1",
                "\u001b]0;t",
                "\u001bPq",
                "\u001bX",
                "\u001b^",
                "\u001b_",
                "\u001b]0\u001b"
            })
    void what_has_no_end_swallows_no_more_than_its_line(String begun) throws IOException {
        output.write(("a" + begun + "\nb").getBytes(StandardCharsets.UTF_8));
        assertEquals("a\nb", sink.toString(StandardCharsets.UTF_8));
        for (char cancel : new char[] {0x18, 0x1a}) {
            sink.reset();
            output.write(("a" + begun + cancel + "b").getBytes(StandardCharsets.UTF_8));
            assertEquals("ab", sink.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_line_of_its_own_stands_alone_whatever_was_begun() throws IOException {
        byte[] line = "ok".getBytes(StandardCharsets.UTF_8);
        output.writeLine(line);
        output.write("a\u001b]0;t".getBytes(StandardCharsets.UTF_8));
        output.writeLine(line);
        output.write("b".getBytes(StandardCharsets.UTF_8));
        assertEquals("ok\na\nok\nb", sink.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_line_of_its_own_stands_alone_whatever_others_print_at_the_same_time() throws Exception {
        int lines = 20_000;
        byte[] begun = "a\u001b]0;t".getBytes(StandardCharsets.UTF_8);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> background = CompletableFuture.runAsync(() -> {
            try {
                while (!done.get()) {
                    output.write(begun);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < lines; i++) {
            output.writeLine("ok".getBytes(StandardCharsets.UTF_8));
        }
        done.set(true);
        background.get(60, TimeUnit.SECONDS);
        assertEquals(
                lines,
                sink.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter("ok"::equals)
                        .count());
    }

    @Test
    void it_knows_whether_a_line_has_begun() throws IOException {
        assertFalse(output.isWithinLine());
        output.write("a".getBytes(StandardCharsets.UTF_8));
        assertTrue(output.isWithinLine());
        output.write("b\n\u001b[m".getBytes(StandardCharsets.UTF_8));
        assertFalse(output.isWithinLine());
    }
}
