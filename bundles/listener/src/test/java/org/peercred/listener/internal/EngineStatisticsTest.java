/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.AuditReport;
import org.peercred.service.EngineReport;
import org.peercred.service.LatencyReport;
import org.peercred.service.ThreadLimit;

/** What is told of the engine to who watches it. */
@Timeout(120)
class EngineStatisticsTest {

    private final FakeAccess access = new FakeAccess();
    private final Audit audit = new Audit();
    private final EngineComponent engine = new EngineComponent(audit);
    private final EngineStatisticsComponent statistics = new EngineStatisticsComponent(engine);
    private final ListenerSupervisor listener = new ListenerSupervisor(engine, () -> {}, List::of);
    private Path home;

    @BeforeEach
    void start() throws Exception {
        home = Temporary.directory();
        engine.activate(Map.of("loops", "2", "max.threads", "7", "write.buffer.total", "3 MiB"));
        engine.add(listener);
        listener.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
        listener.apply(Server.settings(Map.of("name", "first", "path", path().toString())));
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        engine.deactivate();
        audit.close();
        Temporary.delete(home);
    }

    @Test
    void tells_what_is_used_beside_what_may_be() throws Exception {
        EngineReport before = statistics.engine();
        assertEquals(2, before.loops());
        assertEquals(0, before.threads());
        assertEquals(7, before.maxThreads());
        assertEquals(3 << 20, before.maxHeldBytes());
        assertEquals(0, before.heldBytes());
        assertTrue(before.descriptors().orElseThrow() > 0, before.toString());
        assertTrue(before.maxDescriptors().orElseThrow() > before.descriptors().orElseThrow(), before.toString());
        ThreadLimit.Permit permit = engine.take().orElseThrow();
        assertEquals(1, statistics.engine().threads());
        permit.giveBack();
        assertEquals(0, statistics.engine().threads());
    }

    @Test
    void tells_of_bytes_that_are_kept_for_a_client() throws Exception {
        try (Client client = Client.connect(path())) {
            assertEquals("> x", client.ask("x"));
            client.send("a line without its end");
            Awaitility.await().until(() -> statistics.engine().heldBytes() > 0);
        }
        Awaitility.await().until(() -> statistics.engine().heldBytes() == 0);
    }

    @Test
    void tells_how_long_answers_took() throws Exception {
        try (Client client = Client.connect(path())) {
            for (int i = 0; i < 160; i++) {
                assertEquals("> x", client.ask("x"));
            }
            Awaitility.await().until(() -> statistics.latencies().get(0).count() >= 9);
        }
        LatencyReport report = statistics.latencies().get(0);
        assertEquals("first", report.listener());
        assertTrue(report.count() <= 10, report.toString());
        assertTrue(report.sumNanos() > 0, report.toString());
        assertFalse(report.buckets().isEmpty());
        LatencyReport.Bucket before = new LatencyReport.Bucket(0, 0);
        for (LatencyReport.Bucket bucket : report.buckets()) {
            assertTrue(bucket.nanos() > before.nanos(), report.toString());
            assertTrue(bucket.count() >= before.count(), report.toString());
            before = bucket;
        }
        assertTrue(before.count() <= report.count(), report.toString());
    }

    @Test
    void tells_what_the_audit_has_written() throws Exception {
        assertEquals(new AuditReport(0, 0, false), statistics.audit());
        try (Client client = Client.connect(path())) {
            assertEquals("> x", client.ask("x"));
        }
        // Let in, and closed.
        Awaitility.await().until(() -> statistics.audit().equals(new AuditReport(2, 0, false)));
    }

    private Path path() {
        return home.resolve("first");
    }
}
