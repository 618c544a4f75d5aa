/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;

/** What is told of a peer in another process that lives. */
@Timeout(120)
class PeerFactsTest {

    private final Native system = Native.load();
    private final ProcessTable processes = new KernelProcessTable(system);
    private final KernelPeerCredentialProvider provider = new KernelPeerCredentialProvider(system, processes);
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
    void sees_another_user_as_the_kernel_does() throws Exception {
        Root.needed("a client of another user");
        try (Client client = new Client(server, "setpriv", "--reuid=54321", "--regid=54322", "--groups=7,8");
                Connection connection = Connection.of(client, server, provider)) {
            assertEquals(54321, connection.peer().uid());
            assertEquals(54322, connection.peer().gid());
            assertEquals(OptionalInt.of(client.pid()), connection.peer().pid());
            assertEquals(
                    Fact.attested(Set.of(7L, 8L, 54322L)), connection.peer().groups());
        }
    }

    @Test
    void ids_are_unsigned() throws Exception {
        Root.needed("a client with an id above 2147483647");
        try (Client client =
                        new Client(server, "setpriv", "--reuid=4294967294", "--regid=4294967293", "--clear-groups");
                Connection connection = Connection.of(client, server, provider)) {
            assertEquals(4294967294L, connection.peer().uid());
            assertEquals(4294967293L, connection.peer().gid());
            assertEquals(
                    Optional.of(Set.of(4294967293L)), connection.peer().groups().value());
        }
    }

    @Test
    void ids_are_those_at_connect_whatever_the_client_becomes_later() throws Exception {
        Root.needed("a client that changes its user");
        try (Client client = new Client(server)) {
            client.tell("os.setgroups([5]); os.setegid(54322); os.seteuid(54321); connect()");
            client.tell("os.seteuid(0); os.setegid(0); os.setgroups([])");
            try (Connection connection = Connection.accept(server, provider)) {
                assertEquals(54321, connection.peer().uid());
                assertEquals(54322, connection.peer().gid());
                assertEquals(
                        Optional.of(Set.of(5L, 54322L)),
                        connection.peer().groups().value());
            }
        }
    }

    @Test
    void a_setuid_program_is_seen_as_the_user_it_runs_as() throws Exception {
        Root.needed("a program with the setuid bit");
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("setuid"));
        Files.setAttribute(program, "unix:uid", 54321);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(program, "unix:mode", 04755);
        try (Client client = new Client(
                        program,
                        server.path().toString(),
                        "setpriv",
                        "--reuid=54329",
                        "--regid=54322",
                        "--clear-groups");
                Connection connection = Connection.of(client, server, provider)) {
            assertEquals("54329 54321", client.tell("say('%d %d' % (os.getuid(), os.geteuid()))"));
            assertEquals(54321, connection.peer().uid());
        }
    }

    @Test
    void tells_a_thousand_supplementary_groups() throws Exception {
        Root.needed("a client with a thousand groups");
        try (Client client = new Client(server)) {
            client.tell("os.setgroups(list(range(60000, 61000)))");
            try (Connection connection = Connection.of(client, server, provider)) {
                Set<Long> expected = LongStream.range(60000, 61000).boxed().collect(Collectors.toSet());
                expected.add(connection.peer().gid());
                assertEquals(Fact.attested(expected), connection.peer().groups());
            }
        }
    }

    @Test
    void is_not_fooled_by_the_name_of_a_process() throws Exception {
        try (Client client = new Client(server)) {
            String before = client.tell("say(open('/proc/self/stat').read().split()[21])");
            client.tell("open('/proc/self/comm', 'w').write('a) S 1 1')");
            assertTrue(client.tell("say(open('/proc/self/stat').read())").contains("(a) S 1 1) "));
            ProcessTable withoutInfo = new KernelProcessTable(system, false);
            for (ProcessTable table : List.of(processes, withoutInfo)) {
                try (Connection connection =
                        Connection.of(client, server, new KernelPeerCredentialProvider(system, table))) {
                    assertEquals(
                            Fact.observed(Long.valueOf(before)),
                            connection.process().startTime());
                    assertEquals(
                            ProcessHandle.current().pid(),
                            connection
                                    .process()
                                    .ancestors()
                                    .value()
                                    .orElseThrow()
                                    .get(0)
                                    .pid());
                }
                client.tell("s.close(); s = socket.socket(socket.AF_UNIX)");
            }
        }
    }

    @Test
    void tells_the_executable() throws Exception {
        try (Client client = new Client(server);
                Connection connection = Connection.of(client, server, provider)) {
            assertEquals(
                    Fact.observed(Path.of(Client.PYTHON).toRealPath()),
                    connection.process().executable());
        }
    }

    @Test
    void a_client_that_executes_another_program_after_it_connected_is_the_other_program() throws Exception {
        Path sleep = Path.of("/bin/sleep").toRealPath();
        try (Client client = new Client(server);
                Connection connection = Connection.of(client, server, provider)) {
            client.order("s.set_inheritable(True); os.execv('/bin/sleep', ['python3', '30'])");
            Awaitility.await()
                    .until(() -> Files.readSymbolicLink(Path.of("/proc", Integer.toString(client.pid()), "exe"))
                            .equals(sleep));
            assertEquals(Fact.observed(sleep), connection.process().executable());
            assertTrue(connection.process().alive());
        }
    }

    @Test
    void a_program_that_was_deleted_or_replaced_is_no_program_at_that_path() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("program"));
        try (Client client = new Client(program, server.path().toString());
                Connection connection = Connection.of(client, server, provider)) {
            Files.delete(program);
            Files.copy(Path.of("/bin/sleep").toRealPath(), program);
            assertEquals(Optional.empty(), connection.process().executable().value());
            assertEquals(
                    "the program that it executes was deleted or replaced since it was started",
                    connection.process().executable().absence());
        }
    }

    @Test
    void a_program_in_another_mount_namespace_does_not_pass_for_the_one_at_its_path_here() throws Exception {
        Root.needed("a mount namespace");
        Path victim = Files.copy(
                Path.of("/bin/sleep").toRealPath(), server.directory().resolve("trusted"));
        String disguise = "mount --bind " + Path.of(Client.PYTHON).toRealPath() + " " + victim + " && shift && exec "
                + victim + " \"$@\"";
        try (Client client = new Client(server, "unshare", "--mount", "sh", "-c", disguise, "sh");
                Connection connection = Connection.of(client, server, provider)) {
            assertEquals(victim, Files.readSymbolicLink(Path.of("/proc", Integer.toString(client.pid()), "exe")));
            assertEquals(
                    Fact.absent(
                            Grade.OBSERVED,
                            "the program that it executes is another file than the one at " + victim + " here"),
                    connection.process().executable());
        }
    }

    @Test
    void tells_the_control_group() throws Exception {
        try (Client client = new Client(server);
                Connection connection = Connection.of(client, server, provider)) {
            String expected = client.tell(
                    "say([l for l in open('/proc/self/cgroup').read().splitlines() if l.startswith('0::')][0][3:])");
            assertEquals(
                    expected,
                    connection.process().controlGroup().value().orElseThrow().path());
        }
    }

    @Test
    void tells_the_control_group_of_a_service_made_by_root_and_not_of_one_made_inside_of_it() throws Exception {
        Root.needed("control groups of its own");
        Path root = controlGroupRoot();
        Path slice = root.resolve("peercredtest.slice");
        Path service = slice.resolve("backup@1.service");
        Path inner = service.resolve("sshd.service");
        Files.createDirectories(inner);
        try (Client client = new Client(server)) {
            Files.writeString(inner.resolve("cgroup.procs"), "" + client.pid());
            try (Connection connection = Connection.of(client, server, provider)) {
                var group = connection.process().controlGroup().value().orElseThrow();
                assertEquals("/" + root.relativize(inner), group.path());
                assertEquals(Optional.of("backup@1.service"), group.unit());
            }
        } finally {
            for (Path directory : List.of(inner, service, slice)) {
                Awaitility.await().ignoreExceptions().until(() -> {
                    Files.delete(directory);
                    return true;
                });
            }
        }
    }

    private static Path controlGroupRoot() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ", -1)[4]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tells_the_ancestors_up_to_process_1() throws Exception {
        for (ProcessTable table : List.of(processes, new KernelProcessTable(system, false))) {
            try (Client client = new Client(server);
                    Connection connection =
                            Connection.of(client, server, new KernelPeerCredentialProvider(system, table))) {
                var ancestors = connection.process().ancestors().value().orElseThrow();
                List<Integer> expected = new ArrayList<>();
                for (Optional<ProcessHandle> up = Optional.of(ProcessHandle.current());
                        up.isPresent() && up.get().pid() > 1;
                        up = up.get().parent()) {
                    expected.add(Math.toIntExact(up.get().pid()));
                }
                assertEquals(expected, ancestors.stream().map(a -> a.pid()).toList());
                try (PinnedProcess self = new KernelProcessPinner(processes)
                        .pin(expected.get(0))
                        .value()
                        .orElseThrow()) {
                    assertEquals(
                            self.startTime().value().orElseThrow(),
                            ancestors.get(0).startTime());
                }
            }
        }
    }

    @Test
    void tells_no_label_where_no_security_module_gives_one() throws Exception {
        try (Client client = new Client(server);
                Connection connection = Connection.of(client, server, provider)) {
            Path current = Path.of("/proc/self/attr/current");
            boolean labels = Files.exists(current, LinkOption.NOFOLLOW_LINKS) && readable(current);
            assertEquals(labels, connection.peer().securityLabel().value().isPresent());
            assertEquals(Grade.ATTESTED, connection.peer().securityLabel().grade());
        }
    }

    private static boolean readable(Path file) {
        try {
            return !Files.readString(file).isBlank();
        } catch (IOException e) {
            return false;
        }
    }
}
