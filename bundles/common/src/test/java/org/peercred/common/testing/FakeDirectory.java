/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.peercred.access.AccessRequest;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.credentials.Peer;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;

/** Two listeners, of which one is in trouble, and three connections. */
public final class FakeDirectory implements ListenerDirectory {

    public List<ListenerReport> listeners = new ArrayList<>(List.of(
            new ListenerReport(
                    "command",
                    "/run/c.sock",
                    true,
                    Optional.empty(),
                    Set.of("owner"),
                    new Counters(1, 1, 2, 3, 4, 5, 6, 0)),
            new ListenerReport(
                    "echo",
                    "/run/e.sock",
                    true,
                    Optional.of("It waits."),
                    Set.of(),
                    new Counters(2, 10, 20, 30, 40, 5000, 6000, 0))));
    public List<ConnectionReport> connections = new ArrayList<>(List.of(
            new ConnectionReport(1, "command", 1001, 1001, OptionalInt.of(4242), Duration.ofSeconds(125), 7, 700, 7000),
            new ConnectionReport(2, "echo", 1001, 1001, OptionalInt.of(4343), Duration.ofHours(50), 8, 800, 8000),
            new ConnectionReport(17, "echo", 1002, 1002, OptionalInt.empty(), Duration.ofSeconds(3), 9, 900, 9000)));

    @Override
    public List<ListenerReport> listeners() {
        return listeners;
    }

    /** The same listeners on other sockets: {@code command} and {@code echo} after a beginning. */
    public void on(String beginning) {
        listeners.replaceAll(report -> new ListenerReport(
                report.name(),
                beginning + report.name(),
                report.listening(),
                report.problem(),
                report.requiredPolicies(),
                report.counters()));
    }

    @Override
    public List<ConnectionReport> connections() {
        return connections;
    }

    @Override
    public <T> List<ConnectionAnswer<T>> ask(Function<AccessRequest, T> question) {
        return connections.stream()
                .map(connection -> new ConnectionAnswer<>(connection, question.apply(request(connection))))
                .toList();
    }

    private static AccessRequest request(ConnectionReport connection) {
        Peer peer = SupposedPeer.given(
                connection.uid(), OptionalLong.of(connection.gid()), Optional.empty(), SupposedPeer.NOBODY_ASKED);
        return new AccessRequest(peer, connection.listener(), AccessRequest.CONNECT, Set.of());
    }

    @Override
    public boolean disconnect(long connection) {
        return connections.removeIf(report -> report.id() == connection);
    }
}
