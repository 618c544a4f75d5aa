/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.peercred.service.LatencyReport;
import org.peercred.service.ListenerReport.Counters;

/** What a listener, or all of them, had counted at one moment, or between two. Immutable. */
final class Totals {

    /** Of a listener before it has done anything. */
    static final Totals NONE = new Totals(new long[Series.COUNTED], Map.of(), 0);

    /** In the order of {@link Series}. */
    private final long[] counts;

    /** How many answers took at most so many nanoseconds. */
    private final Map<Long, Long> answers;

    private final long timed;

    private Totals(long[] counts, Map<Long, Long> answers, long timed) {
        this.counts = counts;
        this.answers = answers;
        this.timed = timed;
    }

    static Totals of(Counters counters, List<LatencyReport> latencies) {
        Map<Long, Long> answers = new TreeMap<>();
        latencies.forEach(
                report -> report.buckets().forEach(bucket -> answers.merge(bucket.nanos(), bucket.count(), Long::sum)));
        return new Totals(
                new long[] {
                    counters.allowed(),
                    counters.denied(),
                    counters.limited(),
                    counters.lines(),
                    counters.requests(),
                    counters.received(),
                    counters.sent()
                },
                answers,
                latencies.stream().mapToLong(LatencyReport::count).sum());
    }

    /** Together with another's. */
    Totals plus(Totals other) {
        long[] sums = counts.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.counts[i];
        }
        Map<Long, Long> both = new TreeMap<>(answers);
        other.answers.forEach((nanos, count) -> both.merge(nanos, count, Long::sum));
        return new Totals(sums, both, timed + other.timed);
    }

    /** Since an earlier moment. One that has counted less than then was started again, and has counted all of it since. */
    Totals since(Totals before) {
        long[] differences = counts.clone();
        for (int i = 0; i < differences.length; i++) {
            if (counts[i] < before.counts[i]) {
                return this;
            }
            differences[i] -= before.counts[i];
        }
        if (timed < before.timed) {
            return this;
        }
        Map<Long, Long> since = new TreeMap<>();
        answers.forEach((nanos, count) -> since.put(nanos, count - before.answers.getOrDefault(nanos, 0L)));
        return new Totals(differences, since, timed - before.timed);
    }

    /** As a sample of so many seconds. */
    float[] row(double seconds) {
        float[] row = Series.unknown();
        for (int i = 0; i < counts.length; i++) {
            row[i] = (float) (counts[i] / seconds);
        }
        row[Series.COUNTED] = quantile(0.5);
        row[Series.COUNTED + 1] = quantile(0.9);
        row[Series.COUNTED + 2] = quantile(0.99);
        return row;
    }

    /**
     * What a share of the answers took at most, in microseconds. Between two bounds the answers are taken to lie evenly, as Prometheus does;
     * beyond the last, at it. No number without an answer.
     */
    private float quantile(double share) {
        double rank = share * timed;
        double bound = 0;
        long counted = 0;
        for (Map.Entry<Long, Long> bucket : answers.entrySet()) {
            long inside = bucket.getValue() - counted;
            if (inside > 0 && bucket.getValue() >= rank) {
                double nanos = bound + (bucket.getKey() - bound) * (rank - counted) / inside;
                return (float) (nanos / 1000);
            }
            bound = bucket.getKey();
            counted = bucket.getValue();
        }
        return timed == 0 ? Float.NaN : (float) (bound / 1000);
    }
}
