/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever decides hears of every doubt, whatever fails on the way. */
@Timeout(120)
class DoubtBookTest {

    private static final Doubt DOUBT = new Doubt("org.peercred.policy.uid~x", "a test", true);

    private final DoubtBook book = new DoubtBook();
    private final List<Set<String>> heard = new ArrayList<>();
    private int failures;

    private final Consumer<Map<String, Doubt>> follower = this::hear;

    private void hear(Map<String, Doubt> doubts) {
        if (failures > 0) {
            failures--;
            throw new OutOfMemoryError("a test");
        }
        heard.add(doubts.keySet());
    }

    @Test
    void everything_is_in_doubt_until_it_was_looked_at() {
        book.follow(follower, true);
        book.replace(Map.of());
        book.replace(Map.of());
        assertEquals(List.of(Set.of(Doubt.ALL), Set.of()), heard);
    }

    @Test
    void who_failed_at_once_is_told_by_the_next_look_although_nothing_changed() {
        book.replace(Map.of(DOUBT.pid(), DOUBT));
        failures = 1;
        assertThrows(OutOfMemoryError.class, () -> book.follow(follower, true));
        book.replace(Map.of(DOUBT.pid(), DOUBT));
        assertEquals(List.of(Set.of(DOUBT.pid())), heard);
    }

    @Test
    void who_failed_at_a_change_is_told_by_the_next_look() {
        book.follow(follower, false);
        failures = 1;
        assertThrows(OutOfMemoryError.class, () -> book.replace(Map.of()));
        book.replace(Map.of());
        book.replace(Map.of());
        assertEquals(List.of(Set.of(Doubt.ALL), Set.of()), heard);
    }

    @Test
    void what_was_taken_back_before_all_had_heard_of_it_is_told() {
        book.replace(Map.of());
        book.follow(follower, false);
        Consumer<Map<String, Doubt>> other = doubts -> {
            if (!doubts.isEmpty()) {
                throw new OutOfMemoryError("a test");
            }
        };
        book.follow(other, true);
        assertThrows(OutOfMemoryError.class, () -> book.replace(Map.of(DOUBT.pid(), DOUBT)));
        book.replace(Map.of());
        assertEquals(List.of(Set.of(), Set.of(DOUBT.pid()), Set.of()), heard);
    }
}
