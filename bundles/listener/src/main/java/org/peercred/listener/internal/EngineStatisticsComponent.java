/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Latency;
import org.peercred.listener.internal.engine.ThreadCount;
import org.peercred.service.AuditReport;
import org.peercred.service.EngineReport;
import org.peercred.service.EngineStatistics;
import org.peercred.service.LatencyReport;

/** Tells what the engine has measured. */
@Component(name = "org.peercred.listener.statistics")
public final class EngineStatisticsComponent implements EngineStatistics {

    private final EngineComponent engine;

    /**
     * @param engine which has measured it
     */
    @Activate
    public EngineStatisticsComponent(@Reference(name = "engine") EngineComponent engine) {
        this.engine = engine;
    }

    @Override
    public EngineReport engine() {
        ThreadCount threads = engine.threads();
        return new EngineReport(
                engine.loops().size(),
                threads.used(),
                threads.most(),
                Descriptors.open(),
                Descriptors.limit(),
                engine.budget().map(Budget::held).orElse(0L),
                engine.budget().map(Budget::total).orElseGet(Budget::defaultTotal));
    }

    @Override
    public AuditReport audit() {
        return engine.audit().report();
    }

    @Override
    public List<LatencyReport> latencies() {
        return engine.listeners().stream()
                .flatMap(EngineStatisticsComponent::latency)
                .sorted(Comparator.comparing(LatencyReport::listener))
                .toList();
    }

    private static Stream<LatencyReport> latency(ListenerSupervisor supervisor) {
        return supervisor.listener().stream().map(listener -> Latency.report(listener.name(), listener.latencies()));
    }
}
