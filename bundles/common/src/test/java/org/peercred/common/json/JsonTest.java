/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JsonTest {

    @Test
    void writes_each_sort_of_value() {
        assertEquals(
                "{\"z\":1,\"a\":[true,null,\"x\",-5,2.5],\"o\":{},\"l\":[]}",
                Json.of(Json.object(
                        "z", 1, "a", Arrays.asList(true, null, "x", -5L, 2.5), "o", Map.of(), "l", List.of())));
        assertEquals(
                "[1,2,\"x\",null,null,null,null,null]",
                Json.of(List.of(
                        OptionalInt.of(1),
                        OptionalLong.of(2),
                        Optional.of("x"),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Double.NaN,
                        Double.POSITIVE_INFINITY)));
    }

    @Test
    void a_text_ends_neither_its_quotes_nor_its_line() {
        assertEquals("\"a\\\"b\\\\c\\u000a\\u0000\\u202e<&\"", Json.of("a\"b\\c\n\0\u202e<&"));
        assertEquals("{\"k\\\"\":\"v\"}", Json.of(Map.of("k\"", "v")));
        assertEquals("\"\\ud800\"", Json.of("\ud800"));
    }

    @Test
    void texts_but_no_keys_can_be_made_fit_to_be_shown() {
        assertEquals("{\"k\":[\"V\"]}", Json.of(Map.of("k", List.of("v")), text -> "V"));
    }

    @Test
    void what_is_no_value_of_json_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> Json.of(List.of(Duration.ZERO)));
    }
}
