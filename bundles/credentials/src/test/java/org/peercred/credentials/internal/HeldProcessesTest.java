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
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/** Processes that connect again and again: what is held of them tells the same as what is read of a stranger, and of nobody else. */
@Timeout(300)
class HeldProcessesTest {

    private final Native system = Native.load();
    private final KernelProcessTable table = new KernelProcessTable(system);
    private final KernelPeerCredentialProvider provider = new KernelPeerCredentialProvider(system, table);
    private Set<Path> before;
    private Server server;

    @BeforeEach
    void listen() throws Exception {
        before = descriptors().keySet();
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        table.letGo();
        server.close();
    }

    /** Connects so often that the process is held from then on, if it ever is. */
    private void makeKnown(Client client) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Connection connection = connect(client)) {
                assertTrue(connection.process().executable().value().isPresent());
                assertTrue(connection.process().controlGroup().value().isPresent());
            }
        }
    }

    private Connection connect(Client client) throws Exception {
        client.tell("s = socket.socket(socket.AF_UNIX)\nconnect()");
        return Connection.accept(server, provider);
    }

    private static void assertLikeReadAnew(Connection connection) throws Exception {
        ProcFiles files =
                new ProcFiles(Path.of("/proc", "" + connection.peer().pid().orElseThrow()));
        PeerProcess process = connection.process();
        assertEquals(files.executable(), process.executable().value().orElseThrow());
        assertEquals(files.controlGroup(), process.controlGroup().value().orElseThrow());
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
    void a_process_that_has_executed_another_program_executes_that_one() throws Exception {
        try (Client client = new Client(server)) {
            makeKnown(client);
            try (Connection connection = connect(client)) {
                Path sleep = Path.of("/bin/sleep").toRealPath();
                client.order("s.set_inheritable(True); os.execv('/bin/sleep', ['python3', '600'])");
                Path link = Path.of("/proc", "" + client.pid(), "exe");
                Awaitility.await().until(() -> Files.readSymbolicLink(link).equals(sleep));
                assertEquals(sleep, connection.process().executable().value().orElseThrow());
            }
        }
    }

    @Test
    void a_program_whose_file_is_gone_or_another_one_is_not_told() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            Path other = Files.copy(
                    Path.of("/bin/sleep").toRealPath(), server.directory().resolve("other"));
            Files.move(other, program, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            try (Connection connection = connect(client)) {
                assertEquals(
                        "the program that it executes was deleted or replaced since it was started",
                        connection.process().executable().absence());
            }
            Files.delete(program);
            try (Connection connection = connect(client)) {
                assertEquals(
                        "the program that it executes was deleted or replaced since it was started",
                        connection.process().executable().absence());
            }
        }
    }

    @Test
    void a_program_that_has_another_name_now_is_told_by_that() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            Path renamed = Files.move(program, server.directory().resolve("renamed"));
            try (Connection connection = connect(client)) {
                assertEquals(renamed, connection.process().executable().value().orElseThrow());
            }
        }
    }

    /** One file has one content, but which of its names was executed may matter: some programs do what their name says. */
    @Test
    void a_program_that_was_executed_by_another_of_its_names_is_told_by_that() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        Path name = Files.createLink(server.directory().resolve("name"), program);
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            client.tell("s = socket.socket(socket.AF_UNIX)\nconnect()\ns.set_inheritable(True)");
            client.order("os.execv('%s', ['python3', '-c', 'import time; time.sleep(600)'])".formatted(name));
            try (Connection connection = Connection.accept(server, provider)) {
                Path link = Path.of("/proc", "" + client.pid(), "exe");
                Awaitility.await().until(() -> Files.readSymbolicLink(link).equals(name));
                assertEquals(name, connection.process().executable().value().orElseThrow());
            }
        }
    }

    @Test
    void a_program_whose_old_name_is_a_link_to_it_is_told_by_its_own() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            Path moved = Files.move(program, server.directory().resolve("moved"));
            Files.createSymbolicLink(program, moved);
            try (Connection connection = connect(client)) {
                assertEquals(moved, connection.process().executable().value().orElseThrow());
            }
        }
    }

    @Test
    void a_name_that_is_not_of_ascii_is_told_as_it_is() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("a b~c"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            String bytes = "os.rename(os.readlink('/proc/self/exe'), os.fsencode('%s') + b'/p\\xc3\\xa4\\xff')"
                    .formatted(server.directory());
            client.tell(bytes);
            try (Connection connection = connect(client)) {
                assertLikeReadAnew(connection);
            }
        }
    }

    @Test
    void a_process_that_was_moved_is_where_it_is_now() throws Exception {
        try (Client client = new Client(server);
                TestGroup one = new TestGroup();
                TestGroup other = new TestGroup()) {
            makeKnown(client);
            for (TestGroup group : List.of(one, other, one, other)) {
                group.take(client.pid());
                for (int i = 0; i < 2; i++) {
                    assertIsIn(group, client);
                }
            }
            client.kill();
        }
    }

    @Test
    void a_control_group_that_was_removed_is_not_the_one_that_was_made_in_its_place() throws Exception {
        try (Client client = new Client(server);
                TestGroup first = new TestGroup();
                TestGroup second = new TestGroup()) {
            first.take(client.pid());
            makeKnown(client);
            second.take(client.pid());
            makeKnown(client);
            first.remake();
            first.take(client.pid());
            assertIsIn(first, client);
            client.kill();
        }
    }

    private void assertIsIn(TestGroup group, Client client) throws Exception {
        try (Connection connection = connect(client)) {
            assertEquals(
                    group.path(),
                    connection.process().controlGroup().value().orElseThrow().path());
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
