/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/** What is told of a peer whose process has ended, while its connection may still be open. */
@Timeout(120)
class PeerEndTest {

    private final Native system = Native.load();
    private final KernelPeerCredentialProvider provider =
            new KernelPeerCredentialProvider(system, new KernelProcessTable(system));
    private Server server;

    @BeforeEach
    void listen() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void a_recycled_number_is_not_taken_for_the_peer_that_was_asked_while_it_lived() throws Exception {
        Root.needed("to choose the number of a process");
        try (Client client = new Client(server);
                Recycler recycler = new Recycler(server);
                Connection connection = Connection.of(client, server, provider)) {
            assertTrue(connection.process().alive());
            client.kill();
            recycler.recycle(client.pid());
            assertTrue(Files.exists(Path.of("/proc", Integer.toString(client.pid()), "stat")));
            assertEquals(OptionalInt.of(client.pid()), connection.peer().pid());
            assertEnded(connection.process());
        }
    }

    @Test
    void a_recycled_number_is_not_taken_for_the_peer_that_was_asked_too_late() throws Exception {
        Root.needed("to choose the number of a process");
        try (Client client = new Client(server);
                Recycler recycler = new Recycler(server);
                Connection connection = Connection.of(client, server, provider)) {
            client.kill();
            recycler.recycle(client.pid());
            assertEndedOrAbsent(connection.peer());
        }
    }

    @Test
    void a_number_that_is_recycled_while_it_is_read_is_not_taken_for_the_peer() throws Exception {
        Root.needed("to choose the number of a process");
        try (Client client = new Client(server);
                Recycler recycler = new Recycler(server)) {
            HookedProcessTable table = new HookedProcessTable(new KernelProcessTable(system));
            try (Connection connection =
                    Connection.of(client, server, new KernelPeerCredentialProvider(system, table))) {
                table.afterFiles = pid -> {
                    table.afterFiles = again -> {};
                    client.kill();
                    HookedProcessTable.unchecked(() -> recycler.recycle(pid));
                };
                assertEquals(
                        "the process has ended",
                        connection.process().startTime().absence());
                assertEnded(connection.process());
            }
        }
    }

    @Test
    void who_died_before_it_was_accepted_is_not_the_listed_process_that_has_its_number_and_connects_too()
            throws Exception {
        Root.needed("to choose the number of a process");
        try (Client client = new Client(server);
                Recycler recycler = new Recycler(server)) {
            client.tell("connect()");
            client.kill();
            recycler.recycleAndConnect(client.pid());
            try (Connection ofTheDead = Connection.accept(server, provider);
                    Connection listed = Connection.accept(server, provider)) {
                assertEquals(OptionalInt.of(client.pid()), ofTheDead.peer().pid());
                assertEquals(OptionalInt.of(client.pid()), listed.peer().pid());
                // What is remembered of the one must never be told of the other.
                assertTrue(listed.process().executable().value().isPresent());
                assertTrue(listed.process().alive());
                assertEndedOrAbsent(ofTheDead.peer());
            }
        }
    }

    @Test
    void facts_read_while_the_peer_lived_are_kept() throws Exception {
        try (Client client = new Client(server);
                Connection connection = Connection.of(client, server, provider)) {
            Fact<Long> startTime = connection.process().startTime();
            client.kill();
            assertTrue(startTime.value().isPresent());
            assertEquals(startTime, connection.process().startTime());
            assertFalse(connection.process().alive());
        }
    }

    @Test
    void a_client_that_leaves_its_socket_to_a_child_and_ends_has_ended() throws Exception {
        try (Client client = new Client(server);
                Connection connection = Connection.of(client, server, provider)) {
            client.order(
                    """
                    if os.fork() == 0:
                        s.settimeout(30)
                        s.recv(1)
                    os._exit(0)
                    """);
            client.awaitEnd();
            assertEquals(OptionalInt.of(client.pid()), connection.peer().pid());
            assertEndedOrAbsent(connection.peer());
        }
    }

    @Test
    void a_zombie_has_ended() throws Exception {
        try (Client client = new Client(server)) {
            int child = Integer.parseInt(
                    client.tell(
                            """
                    child = os.fork()
                    if child == 0:
                        connect()
                        while True: signal.pause()
                    say(child)
                    """));
            try (Connection connection = Connection.accept(server, provider)) {
                assertEquals(OptionalInt.of(child), connection.peer().pid());
                assertTrue(connection.process().alive());
                client.tell("os.kill(child, 9); os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)");
                assertTrue(Files.readString(Path.of("/proc", Integer.toString(child), "stat"))
                        .contains(") Z "));
                assertEnded(connection.process());
            }
        }
    }

    @Test
    void after_the_close_nothing_is_told_of_the_connection_that_got_the_descriptor() throws Exception {
        try (Client first = new Client(server);
                Client second = new Client(server)) {
            Connection connection = Connection.of(first, server, provider);
            connection.close();
            second.tell("connect()");
            List<Integer> descriptors = List.of(server.accept(), Sockets.duplicate(0), Sockets.duplicate(0));
            try {
                Peer closed = connection.peer();
                assertEquals(OptionalInt.of(first.pid()), closed.pid());
                for (Fact<?> fact : List.of(closed.groups(), closed.process(), closed.securityLabel())) {
                    assertEquals(Optional.empty(), fact.value());
                    assertEquals("the connection is closed", fact.absence());
                }
            } finally {
                descriptors.forEach(Sockets::close);
            }
        }
    }

    @Test
    void after_the_close_what_was_read_stays_and_what_was_not_is_absent() throws Exception {
        try (Client client = new Client(server)) {
            Connection connection = Connection.of(client, server, provider);
            Fact<?> groups = connection.peer().groups();
            PeerProcess process = connection.process();
            Fact<Path> executable = process.executable();
            assertTrue(executable.value().isPresent());
            connection.close();
            assertEquals(groups, connection.peer().groups());
            assertEquals(executable, process.executable());
            assertEquals(-1, process.descriptor());
            assertFalse(process.alive());
            assertEquals(Optional.empty(), process.startTime().value());
            assertEquals(
                    "it was closed before anyone asked", process.controlGroup().absence());
            assertEquals(Optional.empty(), process.ancestors().value());
        }
    }

    @Test
    void the_pidfd_is_closed_exactly_once() throws Exception {
        try (Sockets.Pair pair = Sockets.pair()) {
            Peer peer = provider.identify(pair.first());
            int pidDescriptor = peer.process().value().orElseThrow().descriptor();
            assertNotEquals(pair.first(), pidDescriptor);
            Path open = Path.of("/proc/self/fd", Integer.toString(pidDescriptor));
            assertTrue(Files.readSymbolicLink(open).toString().contains("pidfd"));
            peer.close();
            int[] taken = new int[64];
            int count = 0;
            try {
                do {
                    taken[count] = Sockets.duplicate(pair.first());
                } while (taken[count++] != pidDescriptor && count < taken.length);
                assertEquals(pidDescriptor, taken[count - 1], "the descriptor was given back");
                peer.close();
                assertEquals(
                        peer.pid(), provider.identify(pidDescriptor).pid(), "its successor was not closed with it");
            } finally {
                for (int i = 0; i < count; i++) {
                    Sockets.close(taken[i]);
                }
            }
        }
    }

    private static void assertEndedOrAbsent(Peer peer) {
        // Kernels before 6.16 pin no process that was reaped already.
        if (peer.process().value().isPresent()) {
            assertEnded(peer.process().value().get());
        } else {
            assertTrue(peer.process().absence().startsWith("the process has ended"));
        }
    }

    private static void assertEnded(PeerProcess process) {
        assertFalse(process.alive());
        for (Fact<?> fact :
                List.of(process.startTime(), process.executable(), process.controlGroup(), process.ancestors())) {
            assertEquals(Optional.empty(), fact.value());
            assertEquals("the process has ended", fact.absence());
        }
    }
}
