/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.peercred.access.AccessRequest;
import org.peercred.service.AuditReport;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionReport;
import org.peercred.service.EngineReport;
import org.peercred.service.EngineStatistics;
import org.peercred.service.LatencyReport;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;

/** An engine with the figures of a test. */
public final class FakeEngine implements ListenerDirectory, EngineStatistics {

    final List<ListenerReport> listeners = new ArrayList<>(List.of(
            listener("echo", true, Optional.empty(), new Counters(2, 10, 20, 30, 40, 5000, 6000, 7)),
            listener("command", false, Optional.of("It waits."), new Counters(0, 1, 2, 3, 4, 5, 6, 7))));
    final List<LatencyReport> latencies = new ArrayList<>(List.of(latency("echo", 3)));
    EngineReport engine = new EngineReport(2, 5, 512, OptionalLong.of(200), OptionalLong.of(20_000), 1024, 1 << 20);

    static ListenerReport listener(String name, boolean listening, Optional<String> problem, Counters counters) {
        return new ListenerReport(name, "/run/" + name, listening, problem, Set.of(), counters);
    }

    static LatencyReport latency(String name, long count) {
        return new LatencyReport(
                name,
                count,
                count * 20_000,
                List.of(new LatencyReport.Bucket(10_000, count - 1), new LatencyReport.Bucket(1_000_000, count)));
    }

    /** This engine, and nobody who decides or knows of something amiss. */
    public Sources alone() {
        return new Sources(Optional.of(this), Optional.of(this), Optional.empty(), List.of());
    }

    @Override
    public List<ListenerReport> listeners() {
        return listeners;
    }

    @Override
    public List<ConnectionReport> connections() {
        return List.of();
    }

    @Override
    public <T> List<ConnectionAnswer<T>> ask(Function<AccessRequest, T> question) {
        return List.of();
    }

    @Override
    public boolean disconnect(long connection) {
        return false;
    }

    @Override
    public EngineReport engine() {
        return engine;
    }

    @Override
    public AuditReport audit() {
        return new AuditReport(70, 7, true);
    }

    @Override
    public List<LatencyReport> latencies() {
        return latencies;
    }
}
