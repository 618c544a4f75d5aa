/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.peercred.service.LatencyReport;
import org.peercred.webui.internal.metrics.Exposition.Kind;
import org.peercred.webui.internal.metrics.Exposition.Label;

/** How long answers took, as histograms in seconds. Listeners of the same name are one series. */
final class LatencyMetrics {

    private static final String NAME = "peercred_listener_answer_seconds";
    private static final String BUCKET = NAME + "_bucket";
    private static final double NANOS = 1e9;

    private LatencyMetrics() {}

    static void add(Exposition text, List<LatencyReport> latencies) {
        text.family(
                NAME,
                Kind.HISTOGRAM,
                "How long answers take, from the event loop's waking to the write; one read in 16 is timed.");
        Map<String, List<LatencyReport>> byName = latencies.stream()
                .collect(Collectors.groupingBy(LatencyReport::listener, TreeMap::new, Collectors.toList()));
        byName.forEach((listener, all) -> add(text, listener, all));
    }

    private static void add(Exposition text, String listener, List<LatencyReport> all) {
        Map<Long, Long> buckets = all.stream()
                .flatMap(report -> report.buckets().stream())
                .collect(Collectors.groupingBy(
                        LatencyReport.Bucket::nanos,
                        TreeMap::new,
                        Collectors.summingLong(LatencyReport.Bucket::count)));
        buckets.forEach((nanos, count) -> text.sample(BUCKET, labels(listener, Double.toString(nanos / NANOS)), count));
        long count = all.stream().mapToLong(LatencyReport::count).sum();
        text.sample(BUCKET, labels(listener, "+Inf"), count);
        List<Label> label = Metrics.label("listener", listener);
        text.sample(
                NAME + "_sum",
                label,
                all.stream().mapToLong(LatencyReport::sumNanos).sum() / NANOS);
        text.sample(NAME + "_count", label, count);
    }

    private static List<Label> labels(String listener, String bound) {
        return List.of(new Label("listener", listener), new Label("le", bound));
    }
}
