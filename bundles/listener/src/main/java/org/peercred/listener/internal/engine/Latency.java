/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long answers take, from the loop's waking to the write. One read in 16 is timed, so that timing costs nothing that could
 * be noticed. Written by one loop, read by any thread.
 */
public final class Latency {

    private static final int SAMPLING_MASK = 15;
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 2;

    private final AtomicHistogram histogram = new AtomicHistogram(LONGEST, DIGITS);
    private int reads;

    /** Notes that a read was answered that the loop learnt of at some time, by {@link System#nanoTime()}. */
    void answered(long since) {
        if ((++reads & SAMPLING_MASK) == 0) {
            histogram.recordValue(Math.min(LONGEST, Math.max(1, System.nanoTime() - since)));
        }
    }

    /**
     * A percentile over several loops.
     *
     * @param latencies of each loop
     * @param percentile 0 to 100
     * @return nanoseconds, 0 if nothing was timed yet
     */
    public static long percentileNanos(List<Latency> latencies, double percentile) {
        Histogram sum = new Histogram(LONGEST, DIGITS);
        for (Latency latency : latencies) {
            sum.add(latency.histogram);
        }
        return sum.getTotalCount() == 0 ? 0 : sum.getValueAtPercentile(percentile);
    }
}
