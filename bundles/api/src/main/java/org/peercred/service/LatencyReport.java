/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.List;
import java.util.Objects;

/**
 * How long the answers of one listener took, from the event loop's waking to the write, since the listener was started. One read in 16 is
 * timed. Times are known to about one hundredth; what took longer than a minute counts as a minute.
 *
 * @param listener its name
 * @param count how many were timed
 * @param sumNanos their sum, in nanoseconds
 * @param buckets how many took at most so long; the bounds are the same in every report, from the least to the greatest
 */
public record LatencyReport(String listener, long count, long sumNanos, List<Bucket> buckets) {

    /**
     * How many took at most so long.
     *
     * @param nanos how long, in nanoseconds
     * @param count how many, all those of lesser buckets included
     */
    public record Bucket(long nanos, long count) {}

    /** Checks that nothing is null, and takes a copy. */
    public LatencyReport {
        Objects.requireNonNull(listener);
        buckets = List.copyOf(buckets);
    }
}
