/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
import org.peercred.service.ConnectionDecision;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerReport;

/** What operators are shown of listeners and connections. */
@Timeout(120)
class ListenerDirectoryTest {

    private final FakeAccess access = new FakeAccess();
    private final Audit audit = new Audit();
    private final EngineComponent engine = new EngineComponent(audit);
    private final ListenerDirectoryComponent directory = new ListenerDirectoryComponent(engine);
    private final ListenerSupervisor first = control("first");
    private final ListenerSupervisor second = control("second");
    private Path home;

    @BeforeEach
    void start() throws Exception {
        home = Temporary.directory();
        engine.activate(Map.of("loops", "2"));
        engine.add(second);
        engine.add(first);
        for (ListenerSupervisor control : List.of(first, second)) {
            control.use(new Collaborators(
                    Optional.of(RealCredentials.provider()),
                    Optional.of(access),
                    Optional.empty(),
                    List.of(new LineOffer(Server.ECHO))));
        }
        first.apply(Server.settings(
                Map.of("name", "first", "path", path("first").toString(), "required.policies", "owner, superuser")));
        second.apply(
                Server.settings(Map.of("name", "second", "path", path("second").toString())));
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
        engine.deactivate();
        audit.close();
        Temporary.delete(home);
    }

    @Test
    void asks_another_access_control_about_every_connection_and_nothing_comes_of_it() throws Exception {
        FakeAccess other = new FakeAccess();
        other.denyAll();
        try (Client one = Client.connect(path("first"));
                Client two = Client.connect(path("second"))) {
            assertEquals("> a", one.ask("a"));
            assertEquals("> b", two.ask("b"));
            List<ConnectionDecision> decisions = directory.decisions(other);
            assertEquals(
                    List.of("first", "second"),
                    decisions.stream()
                            .map(each -> each.connection().listener())
                            .sorted()
                            .toList());
            assertTrue(decisions.stream().noneMatch(each -> each.decision().allowed()));
            assertTrue(directory.decisions(access).stream()
                    .allMatch(each -> each.decision().allowed()));
            assertEquals("> c", one.ask("c"));
            assertEquals("> d", two.ask("d"));
        }
    }

    @Test
    void shows_listeners_by_name_with_what_they_did() throws Exception {
        try (Client client = Client.connect(path("first"))) {
            assertEquals("> hello", client.ask("hello"));
            assertEquals("> you", client.ask("you"));
            access.denyAll();
            try (Client stranger = Client.connect(path("first"))) {
                stranger.rest();
            }
            Awaitility.await()
                    .until(() -> directory.listeners().get(0).counters().sent() == 14);
            List<ListenerReport> listeners = directory.listeners();
            assertEquals(
                    List.of("first", "second"),
                    listeners.stream().map(ListenerReport::name).toList());
            ListenerReport report = listeners.get(0);
            assertEquals(
                    new ListenerReport(
                            "first",
                            path("first").toString(),
                            true,
                            Optional.empty(),
                            Set.of("owner", "superuser"),
                            new ListenerReport.Counters(1, 1, 1, 0, 2, 10, 14, 0)),
                    report);
        }
    }

    @Test
    void shows_a_listener_that_cannot_be_started_and_why() throws Exception {
        Path blocked = Files.writeString(path("blocked"), "in the way");
        ListenerSupervisor third = control("third");
        engine.add(third);
        third.apply(Server.settings(Map.of("name", "third", "path", blocked.toString(), "required.policies", "owner")));
        third.rejected("third", "");
        ListenerReport report = directory.listeners().get(2);
        assertEquals("third", report.name());
        assertEquals(Set.of("owner"), report.requiredPolicies());
        assertEquals(Optional.of(blocked + " exists and is no socket"), report.problem());
        third.rejected("third", "etc/x.cfg: mode = 1: bad.");
        assertEquals(
                Optional.of("etc/x.cfg: mode = 1: bad. " + blocked + " exists and is no socket"),
                directory.listeners().get(2).problem());
        third.close();
    }

    @Test
    void shows_and_ends_connections_on_all_loops() throws Exception {
        try (Client one = Client.connect(path("first"));
                Client two = Client.connect(path("second"))) {
            assertEquals("> 1", one.ask("1"));
            assertEquals("> 2", two.ask("2"));
            assertEquals("> 3", two.ask("3"));
            List<ConnectionReport> connections = directory.connections();
            assertEquals(
                    List.of("first", "second"),
                    connections.stream().map(ConnectionReport::listener).toList());
            ConnectionReport report = connections.get(1);
            assertEquals(2, report.lines());
            assertEquals(4, report.received());
            assertEquals(8, report.sent());
            assertEquals(OptionalInt.of((int) ProcessHandle.current().pid()), report.pid());
            assertFalse(report.open().isNegative());
            assertTrue(directory.disconnect(report.id()));
            assertEquals("", two.restText());
            assertFalse(directory.disconnect(report.id()));
            assertFalse(directory.disconnect(Long.MAX_VALUE));
            assertEquals("> 4", one.ask("4"));
        }
        Awaitility.await().until(() -> directory.connections().isEmpty());
    }

    @Test
    void shows_the_same_in_jmx() throws Exception {
        ListenerMBean bean = new ListenerMBean(first, new ListenerNotices(audit, (task, millis) -> {}));
        try (Client client = Client.connect(path("first"))) {
            for (int i = 0; i < 100; i++) {
                assertEquals("> x", client.ask("x"));
            }
            // A client can be answered a moment before that is counted.
            Awaitility.await().until(() -> bean.getSentBytes() == 400);
            assertEquals(path("first").toString(), bean.getPath());
            assertEquals("", bean.getProblem());
            assertEquals(1, bean.getOpenConnections());
            assertEquals(1, bean.getAllowed());
            assertEquals(0, bean.getDenied());
            assertEquals(0, bean.getLimited());
            assertEquals(100, bean.getLines());
            assertEquals(200, bean.getReceivedBytes());
            assertTrue(bean.getLatencyP50Micros() > 0);
            assertTrue(bean.getLatencyP99Micros() >= bean.getLatencyP50Micros());
            assertTrue(bean.getLatencyP999Micros() >= bean.getLatencyP99Micros());
            assertTrue(bean.getLatencyMaxMicros() >= bean.getLatencyP999Micros());
        }
    }

    private ListenerSupervisor control(String name) {
        assertFalse(name.isEmpty());
        return new ListenerSupervisor(engine, () -> {}, List::of);
    }

    private Path path(String name) {
        return home.resolve(name);
    }
}
