/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.LatencyReport;

/** How answers of several loops are counted by how long they took. */
@Timeout(120)
class LatencyTest {

    private static final int SAMPLED = 16;

    private final Latency one = new Latency();
    private final Latency other = new Latency();

    private static void answered(Latency latency, long nanosAgo) {
        for (int i = 0; i < SAMPLED; i++) {
            latency.answered(System.nanoTime() - nanosAgo);
        }
    }

    private long upTo(long nanos) {
        return Latency.report("any", List.of(one, other)).buckets().stream()
                .filter(bucket -> bucket.nanos() == nanos)
                .findFirst()
                .orElseThrow()
                .count();
    }

    @Test
    void nothing_timed_is_nothing_counted() {
        LatencyReport report = Latency.report("any", List.of());
        assertEquals(0, report.count());
        assertEquals(0, report.sumNanos());
        assertTrue(report.buckets().stream().allMatch(bucket -> bucket.count() == 0), report.toString());
    }

    @Test
    void each_answer_is_in_every_bucket_that_is_no_less_than_it_took() {
        answered(one, TimeUnit.SECONDS.toNanos(2));
        answered(other, TimeUnit.SECONDS.toNanos(20));
        LatencyReport report = Latency.report("any", List.of(one, other));
        assertEquals(2, report.count());
        assertEquals(0, upTo(TimeUnit.SECONDS.toNanos(1)));
        assertEquals(1, upTo(TimeUnit.SECONDS.toNanos(10)));
        double seconds = report.sumNanos() / 1e9;
        assertTrue(seconds >= 21.5, () -> seconds + " s");
    }

    @Test
    void what_took_longer_than_a_minute_counts_as_a_minute() {
        answered(one, TimeUnit.HOURS.toNanos(3));
        LatencyReport report = Latency.report("any", List.of(one));
        assertEquals(1, report.count());
        assertEquals(60, report.sumNanos() / 1e9, 1);
    }
}
