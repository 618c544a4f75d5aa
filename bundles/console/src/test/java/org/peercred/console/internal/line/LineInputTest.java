/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.console.internal.line.LineInput.BadLineException;

@Timeout(120)
class LineInputTest {

    @Test
    void lines_end_in_either_way_and_may_be_empty() throws Exception {
        LineInput lines = of("a b\r\n\nü\n");
        assertEquals(Optional.of("a b"), lines.next());
        assertEquals(Optional.of(""), lines.next());
        assertEquals(Optional.of("ü"), lines.next());
        assertEquals(Optional.empty(), lines.next());
    }

    @Test
    void what_has_no_end_is_no_line_since_it_may_be_half_a_command() throws IOException {
        BadLineException bad = assertThrows(
                BadLineException.class, () -> of("bundle:uninstall 1").next());
        assertEquals("the line has no end", bad.getMessage());
        assertTrue(bad.isLast());
    }

    @Test
    void the_longest_line_is_read_and_a_longer_one_ends_it() throws Exception {
        assertEquals(65536, of("x".repeat(65536) + "\n").next().orElseThrow().length());
        BadLineException bad = assertThrows(
                BadLineException.class, () -> of("x".repeat(65537) + "\n").next());
        assertEquals("the line is too long", bad.getMessage());
        assertTrue(bad.isLast());
    }

    @Test
    void other_bytes_than_text_are_refused_and_the_next_line_read() throws Exception {
        LineInput lines = new LineInput(
                new ByteArrayInputStream(new byte[] {(byte) 0xc3, '\n', 'a', 27, '\n', 'b', '\n'}),
                StandardCharsets.UTF_8);
        BadLineException notText = assertThrows(BadLineException.class, lines::next);
        assertEquals("the line is not in UTF-8", notText.getMessage());
        assertFalse(notText.isLast());
        assertEquals(
                "the line holds control characters",
                assertThrows(BadLineException.class, lines::next).getMessage());
        assertEquals(Optional.of("b"), lines.next());
    }

    private static LineInput of(String text) {
        return new LineInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
