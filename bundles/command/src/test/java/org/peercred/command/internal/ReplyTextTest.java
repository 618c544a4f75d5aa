/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ReplyTextTest {

    private static final String LINE = "x".repeat(1000);

    @Test
    void tells_how_much_is_kept_of_a_long_reply() {
        List<Long> told = new ArrayList<>();
        ReplyText reply = new ReplyText(told::add);
        for (int i = 0; i < 1000; i++) {
            reply.lines(LINE);
        }
        int size = reply.ok().length;
        assertTrue(told.size() >= 10, told.toString());
        assertTrue(told.get(told.size() - 1) > 2 * (size - 100_000L), told + " of " + size);
    }

    @Test
    void says_nothing_of_a_short_one() {
        List<Long> told = new ArrayList<>();
        ReplyText reply = new ReplyText(told::add);
        reply.lines(LINE);
        assertEquals(LINE.length() + 4, reply.ok().length);
        assertEquals(List.of(), told);
    }

    @Test
    void collects_no_more_when_nobody_waits_for_it() {
        ReplyText reply = new ReplyText(size -> false);
        assertThrows(ReplyText.GoneException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                reply.lines(LINE);
            }
        });
        assertTrue(reply.ok().length < 10);
    }
}
