/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts and figures. */
@Timeout(120)
class TextTest {

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1.0 KiB",
        "1536,1.5 KiB",
        "20971520,20.0 MiB",
        "9223372036854775807,8192.0 PiB"
    })
    void sizes_are_rounded(long bytes, String expected) {
        assertEquals(expected, Figures.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({"PT0.9S,0 s", "PT59S,59 s", "PT61S,1 min 1 s", "PT2H3M4S,2 h 3 min", "P4DT3H2M,4 d 3 h"})
    void times_have_two_units(Duration duration, String expected) {
        assertEquals(expected, Figures.duration(duration));
    }

    @Test
    void a_text_is_broken_at_blanks_and_loses_nothing() {
        assertEquals("one two\nthree\nfour", Grid.fold("one two three four", 7));
        assertEquals("a\nincom\nprehe\nnsibi\nlitie\ns b", Grid.fold("a incomprehensibilities b", 5));
        assertEquals("", Grid.fold("", 5));
        String text = "the uid is on the list of those who may";
        for (int room = 1; room < 40; room++) {
            int most = room;
            String folded = Grid.fold(text, room);
            assertEquals(text.replace(" ", ""), folded.replaceAll("[ \n]", ""));
            assertTrue(folded.lines().allMatch(line -> line.length() <= most), folded);
            if (room >= "those".length()) {
                assertEquals(text, folded.replace('\n', ' '));
            }
        }
    }
}
