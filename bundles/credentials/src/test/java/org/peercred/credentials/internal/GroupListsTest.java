/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Test;
import org.peercred.credentials.Fact;

class GroupListsTest {

    private final GroupLists lists = new GroupLists();
    private final Pointer memory = Memory.allocateDirect(Runtime.getSystemRuntime(), 4 * 2000);

    private Fact<Set<Long>> answer(long primary, int... listed) {
        memory.put(0, listed, 0, listed.length);
        return lists.of(memory, 4 * listed.length, primary);
    }

    private Set<Long> groups(long primary, int... listed) {
        return answer(primary, listed).value().orElseThrow();
    }

    @Test
    void the_primary_group_is_one_of_them() {
        assertEquals(Set.of(100L), groups(100));
        assertEquals(Set.of(100L, 4L, 27L), groups(100, 4, 27));
        assertEquals(Set.of(100L, 4L), groups(100, 4, 100));
    }

    @Test
    void a_gid_has_no_sign() {
        assertEquals(Set.of(0xFFFF_FFFEL, 0x8000_0000L), groups(0xFFFF_FFFEL, 0x8000_0000));
    }

    @Test
    void the_same_answer_gives_the_same_set() {
        assertSame(answer(100, 4, 27), answer(100, 4, 27));
    }

    @Test
    void an_answer_that_differs_in_one_number_is_another() {
        for (int i = 0; i < 2; i++) {
            assertEquals(Set.of(100L, 4L, 27L), groups(100, 4, 27));
            assertEquals(Set.of(100L, 4L, 28L), groups(100, 4, 28));
            assertEquals(Set.of(101L, 4L, 28L), groups(101, 4, 28));
            assertEquals(Set.of(101L, 4L), groups(101, 4));
            assertEquals(Set.of(101L), groups(101));
        }
    }

    @Test
    void a_new_one_does_not_know_group_0_of_anybody() {
        assertEquals(Set.of(1L), groups(1));
        assertEquals(Set.of(0L), new GroupLists().of(memory, 0, 0).value().orElseThrow());
    }

    @Test
    void a_long_answer_is_whole_and_not_kept() {
        int[] listed = IntStream.range(0, 1500).toArray();
        Set<Long> expected = IntStream.range(0, 1500).mapToObj(Long::valueOf).collect(Collectors.toSet());
        assertEquals(expected, groups(7, listed));
        assertNotSame(answer(7, listed), answer(7, listed));
    }
}
