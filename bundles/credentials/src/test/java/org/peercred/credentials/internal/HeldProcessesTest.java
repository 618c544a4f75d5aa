/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.Peer;

/** Processes that connect again and again: what is held of them tells the same as what is read of a stranger, and of nobody else. */
@Timeout(300)
class HeldProcessesTest extends HeldFixture {

    private Set<Path> before;

    @BeforeEach
    void look() throws Exception {
        before = descriptors().keySet();
    }

    /** Descriptors of what a table may hold, with what they lead to. */
    private static Map<Path, Path> descriptors() throws Exception {
        Map<Path, Path> found = new HashMap<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
                    Path target = Files.readSymbolicLink(descriptor);
                    if (target.toString().matches("/proc/\\d+(/cgroup)?")) {
                        found.put(descriptor, target);
                    }
                }
            }
        }
        return found;
    }

    /** What this test's table holds; those of others in this JVM are left to them. */
    private List<Path> heldFiles() throws Exception {
        Map<Path, Path> now = descriptors();
        now.keySet().removeAll(before);
        return List.copyOf(now.values());
    }

    private long heldProcesses() throws Exception {
        return heldFiles().stream()
                .map(file -> file.endsWith("cgroup") ? file.getParent() : file)
                .distinct()
                .count();
    }

    @Test
    void tells_what_is_so_each_time() throws Exception {
        try (Client client = new Client(server)) {
            for (int i = 0; i < 5; i++) {
                try (Connection connection = connect(client)) {
                    assertLikeReadAnew(connection);
                }
            }
            assertEquals(1, heldProcesses());
        }
    }

    @Test
    void several_that_connect_in_turn_are_not_taken_for_each_other() throws Exception {
        Path copy = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(server);
                Client other = new Client(copy, server.path().toString())) {
            for (int i = 0; i < 4; i++) {
                try (Connection one = connect(client);
                        Connection two = connect(other)) {
                    assertLikeReadAnew(one);
                    assertEquals(copy, two.process().executable().value().orElseThrow());
                    assertLikeReadAnew(two);
                }
            }
        }
    }

    @Test
    void who_was_known_and_died_before_it_was_accepted_is_not_who_has_its_number() throws Exception {
        Root.needed("to choose the number of a process");
        try (Client client = new Client(server);
                Recycler recycler = new Recycler(server)) {
            makeKnown(client);
            client.tell("s = socket.socket(socket.AF_UNIX)\nconnect()");
            client.kill();
            recycler.recycleAndConnect(client.pid());
            try (Connection ofTheDead = Connection.accept(server, provider);
                    Connection listed = Connection.accept(server, provider)) {
                assertEquals(OptionalInt.of(client.pid()), ofTheDead.peer().pid());
                assertEquals(OptionalInt.of(client.pid()), listed.peer().pid());
                assertLikeReadAnew(listed);
                assertTellsNothing(ofTheDead.peer());
            }
        }
    }

    @Test
    void who_died_unknown_before_it_was_accepted_is_not_the_known_process_that_has_its_number() throws Exception {
        Root.needed("to choose the number of a process");
        try (Client first = new Client(server);
                Client client = new Client(server);
                Recycler recycler = new Recycler(server)) {
            makeKnown(first);
            client.tell("connect()\n");
            client.tell("os.dup(s.fileno())\ns = socket.socket(socket.AF_UNIX)\nconnect()");
            client.kill();
            recycler.recycleAndConnect(client.pid());
            try (Connection one = Connection.accept(server, provider);
                    Connection two = Connection.accept(server, provider);
                    Connection listed = Connection.accept(server, provider)) {
                assertLikeReadAnew(listed);
                assertTellsNothing(one.peer());
                assertTellsNothing(two.peer());
            }
        }
    }

    private static void assertTellsNothing(Peer peer) {
        peer.process().value().ifPresent(process -> {
            assertFalse(process.alive());
            assertEquals("the process has ended", process.executable().absence());
            assertEquals("the process has ended", process.controlGroup().absence());
        });
    }

    @Test
    void few_are_held_and_none_when_they_are_let_go() throws Exception {
        int processes = 3 * HeldProcesses.MOST;
        String each = "a = [socket.socket(socket.AF_UNIX) for _ in range(3)]; [x.connect(sys.argv[1]) for x in a]; "
                + "signal.pause()";
        try (Client client = new Client(server)) {
            for (int i = 0; i < processes; i++) {
                client.tell("if os.fork() == 0:\n    " + each);
                for (int j = 0; j < 3; j++) {
                    try (Connection connection = Connection.accept(server, provider)) {
                        assertLikeReadAnew(connection);
                    }
                }
            }
            assertEquals(HeldProcesses.MOST, heldProcesses());
            table.letGo();
            assertEquals(List.of(), heldFiles());
            makeKnown(client);
            assertEquals(List.of(), heldFiles());
        }
    }

    @Test
    void one_that_is_asked_about_once_is_not_held() throws Exception {
        try (Client client = new Client(server);
                Connection connection = connect(client)) {
            assertTrue(connection.process().executable().value().isPresent());
            assertEquals(List.of(), heldFiles());
        }
    }
}
