/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import jnr.ffi.Pointer;
import org.peercred.credentials.Fact;

/**
 * Sets of groups, made of what the kernel answers. The same client connects again and again: an answer that is to the number the
 * one before gets the same set, whoever gave it. May be used by any thread.
 */
final class GroupLists {

    /** Longer answers are not kept: as a set, the longest that there can be would take megabytes. */
    private static final int MOST = 1024;

    private volatile Latest latest = new Latest(0, new int[0], Fact.attested(Set.of(0L)));

    /** An answer, and what was made of it. */
    private static final class Latest {
        private final long primary;
        private final int[] listed;
        private final Fact<Set<Long>> fact;

        Latest(long primary, int[] listed, Fact<Set<Long>> fact) {
            this.primary = primary;
            this.listed = listed;
            this.fact = fact;
        }

        boolean is(Pointer memory, int count, long otherPrimary) {
            if (primary != otherPrimary || listed.length != count) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (listed[i] != memory.getInt((long) i * Integer.BYTES)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The groups of a peer.
     *
     * @param memory the kernel's list, of 32 bits each
     * @param length the list's length in bytes
     * @param primary the gid of SO_PEERCRED, which that list does not hold
     * @return all of them
     */
    Fact<Set<Long>> of(Pointer memory, int length, long primary) {
        int count = length / Integer.BYTES;
        Latest known = latest;
        if (known.is(memory, count, primary)) {
            return known.fact;
        }
        int[] listed = new int[count];
        memory.get(0, listed, 0, count);
        Fact<Set<Long>> fact = Fact.attested(set(listed, primary));
        if (count <= MOST) {
            latest = new Latest(primary, listed, fact);
        }
        return fact;
    }

    private static Set<Long> set(int[] listed, long primary) {
        return LongStream.concat(IntStream.of(listed).mapToLong(Integer::toUnsignedLong), LongStream.of(primary))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }
}
