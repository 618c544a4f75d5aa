/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ForeignTextTest {

    /** What it is called, its code point, and what stands for it between a and b. */
    @ParameterizedTest
    @CsvSource({
        "NUL, 0, \\u0000, ?",
        "bell, 7, \\u0007, ?",
        "backspace, 8, \\u0008, ?",
        "vertical tab, b, \\u000b, ' '",
        "escape, 1b, \\u001b, ?",
        "tab, 9, \\u0009, ' '",
        "line feed, a, \\u000a, ' '",
        "carriage return, d, \\u000d, ' '",
        "delete, 7f, \\u007f, ?",
        "first of C1, 80, \\u0080, ?",
        "next line, 85, \\u0085, ' '",
        "control sequence introducer, 9b, \\u009b, ?",
        "operating system command, 9d, \\u009d, ?",
        "last of C1, 9f, \\u009f, ?",
        "soft hyphen, ad, \\u00ad, ?",
        "combining grapheme joiner, 34f, \\u034f, ?",
        "Hangul filler, 3164, \\u3164, ?",
        "Arabic letter mark, 61c, \\u061c, ?",
        "zero width space, 200b, \\u200b, ?",
        "zero width joiner, 200d, \\u200d, ?",
        "right-to-left mark, 200f, \\u200f, ?",
        "line separator, 2028, \\u2028, ' '",
        "paragraph separator, 2029, \\u2029, ' '",
        "right-to-left override, 202e, \\u202e, ?",
        "word joiner, 2060, \\u2060, ?",
        "left-to-right isolate, 2066, \\u2066, ?",
        "variation selector, fe0f, \\ufe0f, ?",
        "byte order mark, feff, \\ufeff, ?",
        "interlinear annotation, fff9, \\ufff9, ?",
        "private use, e000, \\ue000, ?",
        "no character, ffff, \\uffff, ?",
        "unassigned, 378, \\u0378, ?",
        "half a pair, d800, \\ud800, ?",
        "other half, dc00, \\udc00, ?",
        "tag, e0041, \\udb40\\udc41, ?",
        "private plane, 10fffd, \\udbff\\udffd, ?",
    })
    void what_cannot_be_seen_is_neither_shown_nor_left_out(
            String name, String codePoint, String escaped, String replaced) {
        String text = "a" + (char) 0 + "b";
        text = text.replace("\0", Character.toString(Integer.parseInt(codePoint, 16)));
        assertEquals("a" + escaped + "b", ForeignText.escape(text), name);
        assertEquals("a" + escaped + "b", ForeignText.quotable(text, 100), name);
        assertEquals("a" + replaced + "b", ForeignText.replace(text), name);
        assertFalse(ForeignText.isPlain(text), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain text", "für Jörg", "日本語", "עברית", "é", "🦊", "a\u00a0b", "~!@#$%^&*()"})
    void what_can_be_seen_is_left_as_it_is(String text) {
        assertEquals(text, ForeignText.escape(text));
        assertEquals(text, ForeignText.quotable(text, 100));
        assertEquals(text, ForeignText.replace(text));
        assertTrue(ForeignText.isPlain(text));
    }

    @Test
    void no_code_point_of_those_that_terminals_obey_is_left() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            int type = Character.getType(c);
            if (Character.isISOControl(c) || type == Character.FORMAT || type == Character.SURROGATE) {
                String text = "x" + Character.toString(c) + "x";
                assertFalse(ForeignText.escape(text).contains(Character.toString(c)), Integer.toHexString(c));
                assertFalse(ForeignText.replace(text).contains(Character.toString(c)), Integer.toHexString(c));
            }
        }
    }

    @Test
    void quotes_and_backslashes_are_escaped_where_a_text_stands_between_quotes() {
        assertEquals("a \\\"b\\\" \\\\c", ForeignText.quotable("a \"b\" \\c", 100));
        assertEquals("a \"b\" \\c", ForeignText.escape("a \"b\" \\c"));
    }

    @Test
    void what_is_too_long_is_cut_and_that_shows() {
        assertEquals("abc", ForeignText.quotable("abc", 3));
        assertEquals("ab…", ForeignText.quotable("abc", 2));
        assertEquals("…", ForeignText.quotable("abc", 0));
        assertEquals("abc", ForeignText.replace("abc", 3));
        assertEquals("a?…", ForeignText.replace("a\u001bc", 2));
    }

    @Test
    void a_text_for_people_is_one_line_without_blanks_around() {
        assertEquals("a b c", ForeignText.replace("  a\r\nb\tc \n"));
    }
}
