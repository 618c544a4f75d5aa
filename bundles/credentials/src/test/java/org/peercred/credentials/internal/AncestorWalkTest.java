/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.PeerProcess.Ancestor;

/** Real processes that end between two steps of a walk, with PIDFD_GET_INFO and, as on older kernels, without. */
@Timeout(120)
class AncestorWalkTest {

    private static final String ENDED = "an ancestor ended while the ancestors were read";

    private final Native system = Native.load();
    private Server server;
    private Client grandparent;
    private int parent;
    private PeerProcess child;

    /** The grandparent starts the parent, which starts the child, which connects. */
    @BeforeEach
    void start() throws Exception {
        server = new Server();
        grandparent = new Client(server);
        parent = Integer.parseInt(
                grandparent.tell(
                        """
                parent = os.fork()
                if parent == 0:
                    if os.fork() == 0:
                        connect()
                    while True: signal.pause()
                say(parent)
                """));
    }

    @AfterEach
    void stop() throws Exception {
        grandparent.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tells_parent_and_grandparent(boolean info) throws Exception {
        Optional<List<Ancestor>> ancestors = walk(table(info)).value();
        assertEquals(
                List.of(parent, grandparent.pid(), (int) ProcessHandle.current().pid()),
                ancestors.orElseThrow().stream().map(Ancestor::pid).limit(3).toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_ancestor_that_ends_before_it_can_be_pinned_ends_the_walk(boolean info) throws Exception {
        HookedProcessTable table = table(info);
        table.beforeOpen = pid -> endParent(pid == parent);
        assertEquals(ENDED, walk(table).absence());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_stranger_that_got_the_number_of_an_ancestor_is_not_taken_for_it(boolean info) throws Exception {
        Root.needed("to choose the number of a process");
        try (Recycler recycler = new Recycler(server)) {
            HookedProcessTable table = table(info);
            table.beforeOpen = pid -> {
                if (endParent(pid == parent)) {
                    HookedProcessTable.unchecked(() -> recycler.recycle(pid));
                }
            };
            assertEquals(ENDED, walk(table).absence());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_ancestor_that_ends_after_it_was_pinned_ends_the_walk(boolean info) throws Exception {
        HookedProcessTable table = table(info);
        table.afterOpen = pid -> endParent(pid == parent);
        assertEquals(ENDED, walk(table).absence());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_ancestor_that_ends_after_it_was_verified_spoils_the_walk(boolean info) throws Exception {
        HookedProcessTable table = table(info);
        table.afterOpen = pid -> endParent(pid == ProcessHandle.current().pid());
        assertTrue(walk(table).value().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_peer_that_ends_during_the_walk_has_no_ancestors(boolean info) throws Exception {
        HookedProcessTable table = table(info);
        table.afterOpen = pid -> {
            if (pid == ProcessHandle.current().pid()) {
                ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
                int descriptor = child.descriptor();
                Awaitility.await().until(() -> !table.alive(descriptor));
            }
        };
        assertEquals("the process has ended", walk(table).absence());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gives_back_every_descriptor(boolean info) throws Exception {
        HookedProcessTable table = table(info);
        assertTrue(walk(table).value().isPresent());
        assertTrue(table.opened >= 3);
        assertEquals(table.opened + 1, table.closed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stops_where_a_process_stands_deeper_than_anyone_needs(boolean info) throws Exception {
        grandparent.tell(
                """
                for depth in range(%d):
                    if os.fork() != 0:
                        if depth == 0: break
                        while True: signal.pause()
                else:
                    s = socket.socket(socket.AF_UNIX)
                    connect()
                    while True: signal.pause()
                """
                        .formatted(AncestorWalk.DEEPEST + 2));
        Sockets.close(server.accept());
        assertEquals("it has more than 64 ancestors", walk(table(info)).absence());
    }

    private Fact<List<Ancestor>> walk(HookedProcessTable table) throws Exception {
        try (Connection connection = Connection.accept(server, new KernelPeerCredentialProvider(system, table))) {
            child = connection.process();
            return child.ancestors();
        }
    }

    private boolean endParent(boolean now) {
        if (now) {
            HookedProcessTable.unchecked(() -> grandparent.tell("os.kill(parent, 9); os.waitpid(parent, 0)"));
        }
        return now;
    }

    private HookedProcessTable table(boolean info) {
        return new HookedProcessTable(new KernelProcessTable(system, info));
    }
}
