/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;
import org.peercred.webui.internal.metrics.Exposition.Kind;
import org.peercred.webui.internal.metrics.Exposition.Label;

/** What listeners have done. Two of the same name are one series, as Prometheus takes no sample twice: their figures are added. */
final class ListenerMetrics {

    private static final String LISTENER = "listener";

    private final Exposition text;
    private final Map<String, List<ListenerReport>> byName;

    private ListenerMetrics(Exposition text, Map<String, List<ListenerReport>> byName) {
        this.text = text;
        this.byName = byName;
    }

    static void add(Exposition text, List<ListenerReport> listeners) {
        new ListenerMetrics(
                        text,
                        listeners.stream()
                                .collect(
                                        Collectors.groupingBy(ListenerReport::name, TreeMap::new, Collectors.toList())))
                .addAll();
    }

    private void addAll() {
        gauge(
                "peercred_listener_listening",
                "Whether the listener listens on its socket (1) or not (0).",
                all -> all.stream().allMatch(ListenerReport::listening) ? 1 : 0);
        gauge(
                "peercred_listener_problem",
                "Whether the listener is not, or not quite, as configured (1); peercred:listeners says why.",
                all -> all.stream().anyMatch(report -> report.problem().isPresent()) ? 1 : 0);
        gauge("peercred_listener_open_connections", "Connections that are open now.", sum(Counters::open));
        connections();
        counter(
                "peercred_listener_lines_total",
                "Lines received from connections that were let in.",
                sum(Counters::lines));
        counter("peercred_listener_requests_total", "Requests answered by web applications.", sum(Counters::requests));
        counter(
                "peercred_listener_received_bytes_total",
                "Bytes received from connections that were let in.",
                sum(Counters::received));
        counter(
                "peercred_listener_sent_bytes_total",
                "Bytes sent to connections that were let in.",
                sum(Counters::sent));
    }

    private void connections() {
        String name = "peercred_listener_connections_total";
        text.family(
                name,
                Kind.COUNTER,
                "Connections by verdict: let in (allowed), refused (denied), turned away or ended at a limit or for want of a"
                        + " service (limited).");
        byName.forEach((listener, all) -> {
            text.sample(
                    name, verdict(listener, "allowed"), sum(Counters::allowed).applyAsLong(all));
            text.sample(name, verdict(listener, "denied"), sum(Counters::denied).applyAsLong(all));
            text.sample(
                    name, verdict(listener, "limited"), sum(Counters::limited).applyAsLong(all));
        });
    }

    private static List<Label> verdict(String listener, String verdict) {
        return List.of(new Label(LISTENER, listener), new Label("verdict", verdict));
    }

    private static ToLongFunction<List<ListenerReport>> sum(ToLongFunction<Counters> figure) {
        return all ->
                all.stream().map(ListenerReport::counters).mapToLong(figure).sum();
    }

    private void gauge(String name, String help, ToLongFunction<List<ListenerReport>> figure) {
        each(name, Kind.GAUGE, help, figure);
    }

    private void counter(String name, String help, ToLongFunction<List<ListenerReport>> figure) {
        each(name, Kind.COUNTER, help, figure);
    }

    private void each(String name, Kind kind, String help, ToLongFunction<List<ListenerReport>> figure) {
        text.family(name, kind, help);
        byName.forEach(
                (listener, all) -> text.sample(name, Metrics.label(LISTENER, listener), figure.applyAsLong(all)));
    }
}
