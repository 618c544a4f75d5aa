/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RequestPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/, /a/",
        "/a%20b, /a b",
        "/%41, /A",
        "/%C3%BC, /ü",
        "/a:b=c!d'(e)*, /a:b=c!d'(e)*",
        "/a;jsessionid=node01x.1, /a",
        "/...,/...",
    })
    void a_plain_path_is_decoded_once(String raw, String path) {
        assertEquals(Optional.of(path), RequestPath.plain(raw));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "a",
                "//",
                "/a//b",
                "/a/../b",
                "/a/..",
                "/./a",
                "/a/%2e%2e/b",
                "/a/%2E/b",
                "/a/..;/b",
                "/a;x=1/b",
                "/a;jsessionid=1;x",
                "/a;jsessionid=1/b",
                "/a%2fb",
                "/a%2Fb",
                "/a%252fb",
                "/a%5cb",
                "/a\\b",
                "/a%00",
                "/a%0d%0ab",
                "/a%7f",
                "/a%3bx",
                "/a%3fx",
                "/a%23x",
                "/a%",
                "/a%4",
                "/a%zz",
                "/a%-1",
                "/a%\uff14\uff11",
                "/%c0%af",
                "/%ff",
                "/%u0041",
                "/\u00fc",
                "http://host/a",
            })
    void a_path_with_two_readings_is_none(String raw) {
        assertEquals(Optional.empty(), RequestPath.plain(raw));
    }

    @Test
    void no_path_and_a_path_without_end_are_none() {
        assertEquals(Optional.empty(), RequestPath.plain(null));
        assertEquals(Optional.empty(), RequestPath.plain("/" + "a".repeat(10_000)));
    }
}
