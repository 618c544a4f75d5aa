/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.peercred.service.LatencyReport;
import org.peercred.service.ListenerReport;

/**
 * How much was done, and how fast, in the last 15 minutes: {@value #SAMPLES} samples, one every {@value #PERIOD_SECONDS} seconds, of ten numbers
 * for each listener and for all together. Of {@value #MOST_LISTENERS} listeners at most, so that it never takes more than 250 KiB; more
 * count among all only. Safe to be used by any thread.
 */
public final class History {

    /** How long between two samples. */
    public static final int PERIOD_SECONDS = 5;

    /** How many samples are kept. */
    public static final int SAMPLES = 180;

    /** Of how many listeners. */
    static final int MOST_LISTENERS = 31;

    private static final double NANOS = 1e9;

    private final Track all = new Track(SAMPLES);
    private final Map<String, Track> tracks = new TreeMap<>();
    private Map<String, Totals> before = Map.of();
    private long then;
    private boolean begun;

    /**
     * What is kept of a listener, or of all.
     *
     * @param listeners the names of those of which anything is kept
     * @param listener the name; empty for all
     * @param series each by its name, oldest first, in numbers a second or in microseconds; no number where nothing is known
     */
    public record Rates(List<String> listeners, String listener, Map<String, float[]> series) {}

    /**
     * Takes a sample. The first one is only compared with.
     *
     * @param now nanoseconds, of a clock that never goes back
     * @param listeners what they have counted
     * @param latencies how long their answers took
     */
    public synchronized void add(long now, List<ListenerReport> listeners, List<LatencyReport> latencies) {
        Map<String, Totals> totals = totals(listeners, latencies);
        if (begun && now > then) {
            double seconds = (now - then) / NANOS;
            Totals sum = Totals.NONE;
            Map<String, float[]> rows = new TreeMap<>();
            for (Map.Entry<String, Totals> one : totals.entrySet()) {
                Totals since = one.getValue().since(before.getOrDefault(one.getKey(), Totals.NONE));
                sum = sum.plus(since);
                rows.put(one.getKey(), since.row(seconds));
            }
            all.add(sum.row(seconds));
            keep(rows);
        }
        before = totals;
        then = now;
        begun = true;
    }

    private static Map<String, Totals> totals(List<ListenerReport> listeners, List<LatencyReport> latencies) {
        Map<String, List<LatencyReport>> timed =
                latencies.stream().collect(Collectors.groupingBy(LatencyReport::listener));
        Map<String, Totals> totals = new TreeMap<>();
        for (ListenerReport listener : listeners) {
            // Reports of latencies are by name: of two listeners of one name, the first takes those of both.
            List<LatencyReport> its = timed.getOrDefault(listener.name(), List.of());
            timed.remove(listener.name());
            totals.merge(listener.name(), Totals.of(listener.counters(), its), Totals::plus);
        }
        return totals;
    }

    private void keep(Map<String, float[]> rows) {
        for (String name : rows.keySet()) {
            if (!tracks.containsKey(name) && tracks.size() < MOST_LISTENERS) {
                tracks.put(name, new Track(SAMPLES));
            }
        }
        tracks.forEach((name, track) -> track.add(rows.getOrDefault(name, Series.unknown())));
        tracks.values().removeIf(Track::isEmpty);
    }

    /**
     * What is kept.
     *
     * @param listener a listener's name; all are meant by the empty one, and by one of which nothing is kept
     * @return copies
     */
    public synchronized Rates rates(String listener) {
        boolean known = tracks.containsKey(listener);
        Track track = known ? tracks.get(listener) : all;
        Map<String, float[]> series = new TreeMap<>();
        for (int i = 0; i < Series.NAMES.size(); i++) {
            series.put(Series.NAMES.get(i), track.column(i));
        }
        return new Rates(List.copyOf(tracks.keySet()), known ? listener : "", series);
    }
}
