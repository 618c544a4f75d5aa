/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A set of ids, kept as sorted ranges that do not touch: asking costs a binary search. Immutable. */
public final class IdRanges {

    /** Ids from {@code first} to {@code last}, both included. */
    public record Range(long first, long last) {}

    private final long[] firsts;
    private final long[] lasts;

    private IdRanges(List<Range> ranges) {
        firsts = ranges.stream().mapToLong(Range::first).toArray();
        lasts = ranges.stream().mapToLong(Range::last).toArray();
    }

    /** A set of ranges that may overlap, less one id. */
    public static IdRanges of(List<Range> ranges, long without) {
        List<Range> merged = new ArrayList<>();
        ranges.stream().sorted(Comparator.comparingLong(Range::first)).forEach(range -> {
            Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && range.first() <= last.last() + 1) {
                merged.set(merged.size() - 1, new Range(last.first(), Math.max(last.last(), range.last())));
            } else {
                merged.add(range);
            }
        });
        List<Range> kept = new ArrayList<>();
        for (Range range : merged) {
            if (without < range.first() || without > range.last()) {
                kept.add(range);
                continue;
            }
            if (range.first() < without) {
                kept.add(new Range(range.first(), without - 1));
            }
            if (range.last() > without) {
                kept.add(new Range(without + 1, range.last()));
            }
        }
        return new IdRanges(kept);
    }

    /** The ids that are in both sets. */
    public IdRanges and(IdRanges other) {
        List<Range> both = new ArrayList<>();
        int mine = 0;
        int theirs = 0;
        while (mine < firsts.length && theirs < other.firsts.length) {
            long first = Math.max(firsts[mine], other.firsts[theirs]);
            long last = Math.min(lasts[mine], other.lasts[theirs]);
            if (first <= last) {
                both.add(new Range(first, last));
            }
            if (lasts[mine] < other.lasts[theirs]) {
                mine++;
            } else {
                theirs++;
            }
        }
        return new IdRanges(both);
    }

    public boolean contains(long id) {
        int at = Arrays.binarySearch(firsts, id);
        return at >= 0 || (at < -1 && id <= lasts[-at - 2]);
    }

    /** How many ranges there are. */
    public int size() {
        return firsts.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdRanges that && Arrays.equals(firsts, that.firsts) && Arrays.equals(lasts, that.lasts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(firsts) + Arrays.hashCode(lasts);
    }
}
