/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HoldTest {

    private final List<Runnable> later = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final Hold hold = new Hold(
            (task, millis) -> {
                assertEquals(Hold.PATIENCE_MILLIS, millis);
                later.add(task);
            },
            changes::incrementAndGet);

    @Test
    void is_on_while_something_is_lacking() {
        assertFalse(hold.isOn());
        hold.look(() -> true);
        assertTrue(hold.isOn());
        hold.look(() -> false);
        assertFalse(hold.isOn());
    }

    @Test
    void is_given_up_when_that_lasts_and_stays_so_until_it_has_been_there() {
        hold.look(() -> true);
        later.get(0).run();
        assertFalse(hold.isOn());
        assertEquals(1, changes.get());
        hold.look(() -> true);
        assertFalse(hold.isOn());
        hold.look(() -> false);
        hold.look(() -> true);
        assertTrue(hold.isOn());
    }

    @Test
    void patience_is_counted_anew_each_time() {
        hold.look(() -> true);
        hold.look(() -> false);
        hold.look(() -> true);
        later.get(0).run();
        assertTrue(hold.isOn());
        assertEquals(0, changes.get());
        later.get(1).run();
        assertFalse(hold.isOn());
    }

    @Test
    void patience_is_not_counted_anew_while_it_is_still_lacking() {
        hold.look(() -> true);
        hold.look(() -> true);
        assertEquals(1, later.size());
    }
}
