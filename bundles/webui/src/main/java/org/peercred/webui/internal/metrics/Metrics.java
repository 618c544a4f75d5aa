/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import org.peercred.service.EngineStatistics;
import org.peercred.service.ListenerDirectory;

/**
 * All metrics as Prometheus reads them. The labels are names of listeners, verdicts and states, so that there are never more series than the
 * configuration has made: nothing that a client chose or is, its user id least of all, becomes a label.
 */
public final class Metrics {

    /** The media type of the text. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private Metrics() {}

    /**
     * Reads everything.
     *
     * @param sources who knows it
     * @return the text in Prometheus' exposition format
     * @throws MissingServiceException if the engine's services are not there: a part of the figures would look like a fall of the rest
     */
    public static String of(Sources sources) throws MissingServiceException {
        ListenerDirectory directory =
                sources.directory().orElseThrow(() -> new MissingServiceException(ListenerDirectory.class));
        EngineStatistics engine =
                sources.engine().orElseThrow(() -> new MissingServiceException(EngineStatistics.class));
        Exposition text = new Exposition();
        ListenerMetrics.add(text, directory.listeners());
        LatencyMetrics.add(text, engine.latencies());
        EngineMetrics.add(text, engine.engine(), engine.audit());
        PolicyMetrics.add(text, sources.access(), sources.findings());
        return text.toString();
    }

    static List<Exposition.Label> label(String name, String value) {
        return List.of(new Exposition.Label(name, value));
    }
}
