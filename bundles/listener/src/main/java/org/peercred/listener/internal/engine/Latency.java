/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.peercred.service.LatencyReport;

/**
 * How long answers take, from the loop's waking to the write. One read in 16 is timed, so that timing costs nothing that could
 * be noticed. Written by one loop, read by any thread.
 */
public final class Latency {

    private static final int SAMPLING_MASK = 15;
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 2;

    /** From 10 µs, less than which no answer takes by much, to 10 s, of which everybody complains. */
    private static final List<Long> BOUNDS = LongStream.of(
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000,
                    25_000_000,
                    50_000_000,
                    100_000_000,
                    250_000_000,
                    1_000_000_000,
                    10_000_000_000L)
            .boxed()
            .toList();

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
        Histogram sum = sum(latencies);
        return sum.getTotalCount() == 0 ? 0 : sum.getValueAtPercentile(percentile);
    }

    /**
     * All that is known, over several loops.
     *
     * @param listener whose loops
     * @param latencies of each loop
     * @return counts of one moment, though the loops go on
     */
    public static LatencyReport report(String listener, List<Latency> latencies) {
        Histogram sum = sum(latencies);
        long nanos = 0;
        for (HistogramIterationValue value : sum.recordedValues()) {
            nanos += value.getCountAddedInThisIterationStep() * sum.medianEquivalentValue(value.getValueIteratedTo());
        }
        List<LatencyReport.Bucket> buckets = BOUNDS.stream()
                .map(bound -> new LatencyReport.Bucket(bound, sum.getCountBetweenValues(0, bound)))
                .toList();
        return new LatencyReport(listener, sum.getTotalCount(), nanos, buckets);
    }

    private static Histogram sum(List<Latency> latencies) {
        Histogram sum = new Histogram(LONGEST, DIGITS);
        for (Latency latency : latencies) {
            sum.add(latency.histogram);
        }
        return sum;
    }
}
