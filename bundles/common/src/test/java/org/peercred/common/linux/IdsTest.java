/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class IdsTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1001, 1001", "4294967294, 4294967294", "007, 7", "00000000000000000001, 1"})
    void an_id_is_a_number(String text, long id) {
        assertTrue(Ids.isNumber(text));
        assertEquals(OptionalLong.of(id), Ids.parse(text));
        assertTrue(Ids.isId(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967295", "4294967296", "99999999999999999999", "100000000000000000000000000000"})
    void a_greater_number_is_none(String text) {
        assertTrue(Ids.isNumber(text));
        assertEquals(OptionalLong.empty(), Ids.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.5", "1 2", "0x1", "\u0661", "\uff11", "alice"})
    void another_text_is_no_number(String text) {
        assertFalse(Ids.isNumber(text));
        assertEquals(OptionalLong.empty(), Ids.parse(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Ids.NONE, Long.MAX_VALUE})
    void another_number_is_no_id(long number) {
        assertFalse(Ids.isId(number));
    }
}
