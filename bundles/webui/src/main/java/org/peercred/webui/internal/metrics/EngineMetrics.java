/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import java.util.OptionalLong;
import org.peercred.service.AuditReport;
import org.peercred.service.EngineReport;
import org.peercred.webui.internal.metrics.Exposition.Kind;

/** What the engine uses beside its limits, and what the audit has done. */
final class EngineMetrics {

    private EngineMetrics() {}

    static void add(Exposition text, EngineReport engine, AuditReport audit) {
        one(text, "peercred_engine_loops", Kind.GAUGE, "Event loops that run.", engine.loops());
        one(
                text,
                "peercred_engine_threads",
                Kind.GAUGE,
                "Threads that work for clients, beside the loops.",
                engine.threads());
        one(
                text,
                "peercred_engine_threads_limit",
                Kind.GAUGE,
                "Threads that there may be for clients (max.threads).",
                engine.maxThreads());
        known(
                text,
                "peercred_engine_descriptors",
                "Descriptors that the container's process has open.",
                engine.descriptors());
        known(
                text,
                "peercred_engine_descriptors_limit",
                "Descriptors that the container's process may have open (RLIMIT_NOFILE); not there where it has no limit.",
                engine.maxDescriptors());
        one(
                text,
                "peercred_engine_held_bytes",
                Kind.GAUGE,
                "Bytes kept for connections: replies not sent yet, and lines not answered yet.",
                engine.heldBytes());
        one(
                text,
                "peercred_engine_held_limit_bytes",
                Kind.GAUGE,
                "Bytes that may be kept for connections (write.buffer.total).",
                engine.maxHeldBytes());
        one(
                text,
                "peercred_audit_written_events_total",
                Kind.COUNTER,
                "Events that the audit has written.",
                audit.written());
        one(
                text,
                "peercred_audit_lost_events_total",
                Kind.COUNTER,
                "Events that the audit could not write.",
                audit.lost());
        one(
                text,
                "peercred_audit_behind",
                Kind.GAUGE,
                "Whether no new connections are accepted until the audit has caught up (1).",
                audit.behind() ? 1 : 0);
    }

    private static void known(Exposition text, String name, String help, OptionalLong value) {
        value.ifPresent(figure -> one(text, name, Kind.GAUGE, help, figure));
    }

    private static void one(Exposition text, String name, Kind kind, String help, long value) {
        text.family(name, kind, help);
        text.sample(name, List.of(), value);
    }
}
