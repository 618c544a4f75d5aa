/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.LatencyReport;
import org.peercred.service.LatencyReport.Bucket;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;

@Timeout(60)
class HistoryTest {

    private static final int LAST = History.SAMPLES - 1;

    private final History history = new History();
    private int seconds;

    private static ListenerReport listener(String name, long allowed, long lines, long requests) {
        return new ListenerReport(
                name, "", true, Optional.empty(), Set.of(), new Counters(0, allowed, 0, 0, lines, 0, 0, requests));
    }

    private void after(int more, List<ListenerReport> listeners, LatencyReport... latencies) {
        seconds += more;
        history.add(TimeUnit.SECONDS.toNanos(seconds), listeners, List.of(latencies));
    }

    private float newest(String listener, String series) {
        return history.rates(listener).series().get(series)[LAST];
    }

    @Test
    void knows_nothing_before_there_are_two_samples() {
        assertTrue(Float.isNaN(newest("", "allowed")));
        after(5, List.of(listener("echo", 100, 0, 0)));
        assertTrue(Float.isNaN(newest("", "allowed")));
        assertEquals(List.of(), history.rates("").listeners());
    }

    @Test
    void tells_what_was_done_a_second_of_one_listener_and_of_all() {
        after(5, List.of(listener("echo", 100, 10, 0), listener("http", 1, 0, 5)));
        after(5, List.of(listener("echo", 110, 60, 0), listener("http", 2, 0, 10)));
        assertEquals(2, newest("echo", "allowed"));
        assertEquals(10, newest("echo", "lines"));
        assertEquals(1, newest("http", "requests"));
        assertEquals(2.2f, newest("", "allowed"));
        assertEquals(2.2f, newest("none", "allowed"));
        assertEquals(List.of("echo", "http"), history.rates("").listeners());
        after(10, List.of(listener("echo", 120, 60, 0)));
        assertEquals(1, newest("echo", "allowed"));
        assertTrue(Float.isNaN(newest("http", "allowed")));
    }

    @Test
    void a_listener_that_was_started_again_has_done_nothing_backwards() {
        after(5, List.of(listener("echo", 100, 1000, 0)));
        after(5, List.of(listener("echo", 5, 10, 0)));
        assertEquals(1, newest("echo", "allowed"));
        assertEquals(2, newest("echo", "lines"));
    }

    @Test
    void tells_how_long_answers_took_that_were_timed_since_the_last_sample() {
        List<ListenerReport> listeners = List.of(listener("echo", 1, 1, 0));
        after(5, listeners, latency("echo", 1000, 1000, 1000));
        after(5, listeners, latency("echo", 1050, 1090, 1100));
        assertEquals(10, newest("echo", "p50"));
        assertEquals(100, newest("echo", "p90"), 60);
        assertEquals(100, newest("echo", "p99"));
        assertEquals(10, newest("", "p50"));
        after(5, listeners, latency("echo", 1050, 1090, 1100));
        assertTrue(Float.isNaN(newest("echo", "p50")));
    }

    private static LatencyReport latency(String name, long upTo10, long upTo100, long all) {
        return new LatencyReport(name, all, 0, List.of(new Bucket(10_000, upTo10), new Bucket(100_000, upTo100)));
    }

    @Test
    void keeps_a_quarter_of_an_hour_oldest_first() {
        for (int i = 0; i <= History.SAMPLES + 20; i++) {
            after(5, List.of(listener("echo", 5L * i * (i + 1) / 2, 0, 0)));
        }
        float[] kept = history.rates("echo").series().get("allowed");
        assertEquals(15 * 60, kept.length * History.PERIOD_SECONDS);
        assertEquals(History.SAMPLES + 20, kept[LAST]);
        assertEquals(21, kept[0]);
    }

    @Test
    void forgets_a_listener_that_was_gone_for_so_long_and_keeps_no_more_than_there_is_room_for() {
        List<ListenerReport> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(listener("l" + i, 0, 0, 0));
        }
        after(5, many);
        after(5, many);
        assertEquals(History.MOST_LISTENERS, history.rates("").listeners().size());
        List<ListenerReport> other = List.of(listener("other", 0, 0, 0));
        for (int i = 0; i < History.SAMPLES + 1; i++) {
            after(5, other);
        }
        assertEquals(List.of("other"), history.rates("").listeners());
    }
}
