/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.linux.Ids;
import org.peercred.policy.internal.config.IdRanges.Range;

@Timeout(120)
class IdRangesTest {

    @Test
    void holds_what_was_put_in_and_nothing_else() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            BitSet expected = new BitSet();
            List<Range> ranges = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                int first = random.nextInt(60);
                int last = first + random.nextInt(6);
                ranges.add(new Range(first, last));
                expected.set(first, last + 1);
            }
            int without = random.nextInt(70);
            expected.clear(without);
            IdRanges ids = IdRanges.of(ranges, without);
            BitSet found = new BitSet();
            for (int id = 0; id < 80; id++) {
                found.set(id, ids.contains(id));
            }
            assertEquals(expected, found, () -> ranges + " less " + without);
        }
    }

    @Test
    void holds_of_two_sets_what_is_in_both() {
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            IdRanges one = some(random);
            IdRanges other = some(random);
            IdRanges both = one.and(other);
            for (int id = 0; id < 80; id++) {
                assertEquals(one.contains(id) && other.contains(id), both.contains(id), "id " + id);
            }
        }
    }

    private static IdRanges some(Random random) {
        List<Range> ranges = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            int first = random.nextInt(60);
            ranges.add(new Range(first, first + random.nextInt(9)));
        }
        return IdRanges.of(ranges, random.nextInt(70));
    }

    @Test
    void reaches_to_the_greatest_id() {
        IdRanges ids = IdRanges.of(List.of(new Range(0, 0), new Range(Ids.MAX - 1, Ids.MAX)), 65534);
        assertTrue(ids.contains(0));
        assertFalse(ids.contains(1));
        assertTrue(ids.contains(4_294_967_294L));
        assertFalse(ids.contains(4_294_967_295L));
    }

    @Test
    void merges_ranges_that_touch() {
        List<Range> ranges = new ArrayList<>();
        for (int i = 20_000; i > 0; i--) {
            ranges.add(new Range(i, i));
        }
        assertEquals(1, IdRanges.of(ranges, 65534).size());
        assertEquals(2, IdRanges.of(ranges, 10_000).size());
    }

    @Test
    void is_empty_without_ranges() {
        IdRanges none = IdRanges.of(List.of(), 65534);
        assertFalse(none.contains(0));
        assertFalse(none.contains(65534));
    }

    @Test
    void equals_what_holds_the_same() {
        IdRanges one = IdRanges.of(List.of(new Range(1, 2), new Range(3, 9)), 65534);
        IdRanges other = IdRanges.of(List.of(new Range(2, 9), new Range(1, 5)), 65534);
        assertEquals(one, other);
        assertEquals(one.hashCode(), other.hashCode());
        assertNotEquals(one, IdRanges.of(List.of(new Range(1, 9)), 5));
    }
}
