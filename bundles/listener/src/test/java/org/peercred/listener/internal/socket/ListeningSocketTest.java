/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class ListeningSocketTest {

    private static final LibC LIBC = Server.LIBC;

    private Path directory;
    private Path path;

    @BeforeEach
    void create() throws IOException {
        directory = Temporary.directory();
        path = directory.resolve("socket");
    }

    @AfterEach
    void delete() throws IOException {
        Temporary.delete(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0600, 0660, 0666, 0777, 0640, 0000})
    void gives_the_file_exactly_the_mode_asked_for(int mode) throws Exception {
        ListeningSocket socket = bind(mode(mode));
        assertEquals(mode, mode());
        socket.close();
        assertFalse(exists());
    }

    @Test
    void the_file_is_never_wider_than_asked_not_even_for_a_moment() throws Exception {
        Set<Integer> seen = watch(() -> bind(mode(0600)).close(), 300);
        assertEquals(Set.of(0600), seen);
    }

    @Test
    void the_file_is_closed_to_others_until_it_has_its_owner() throws Exception {
        ThisProcess.needsRoot("chown");
        Set<Integer> seen = watch(
                () -> bind(new Access(0660, OptionalLong.of(2001), OptionalLong.of(2002)))
                        .close(),
                300);
        assertTrue(seen.contains(0660) || seen.contains(0600), seen.toString());
        // Wider than 0600 only once it belongs to whom it shall: the watcher notes the mode of files of others only.
        assertTrue(Set.of(0600, 0660).containsAll(seen), seen.toString());
        ListeningSocket socket = bind(new Access(0660, OptionalLong.of(2001), OptionalLong.of(2002)));
        assertEquals(0660, mode());
        assertEquals(2001, attribute("uid"));
        assertEquals(2002, attribute("gid"));
        socket.close();
    }

    @Test
    void is_wide_only_when_it_has_its_owner() throws Exception {
        ThisProcess.needsRoot("chown");
        AtomicBoolean wideForRootsGroup = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> watcher = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    var all = Files.readAttributes(path, "unix:mode,gid", LinkOption.NOFOLLOW_LINKS);
                    if (((int) all.get("mode") & 077) != 0 && (int) all.get("gid") == 0) {
                        wideForRootsGroup.set(true);
                    }
                } catch (IOException e) {
                    // It is not there at the moment.
                }
            }
        });
        for (int i = 0; i < 300; i++) {
            bind(new Access(0660, OptionalLong.empty(), OptionalLong.of(2002))).close();
        }
        done.set(true);
        watcher.get(60, TimeUnit.SECONDS);
        assertFalse(wideForRootsGroup.get());
    }

    @Test
    void changes_mode_owner_and_group_in_place_and_back() throws Exception {
        ThisProcess.needsRoot("chown");
        ListeningSocket socket = bind(mode(0600));
        Object inode = attribute("ino");
        socket.apply(new Access(0660, OptionalLong.of(2001), OptionalLong.of(2002)));
        assertArrayEquals(
                new Object[] {0660, 2001, 2002, inode},
                new Object[] {mode(), attribute("uid"), attribute("gid"), attribute("ino")});
        socket.apply(mode(0640));
        assertArrayEquals(
                new Object[] {0640, 0, 0, inode},
                new Object[] {mode(), attribute("uid"), attribute("gid"), attribute("ino")});
        socket.close();
    }

    @Test
    void stays_as_it_was_when_the_owner_cannot_be_set() throws Exception {
        LibC refusing = new RefusingLibC(LIBC);
        ListeningSocket socket = ListeningSocket.bind(refusing, path, mode(0660), 10, true);
        String message = assertThrows(
                        SocketPathException.class,
                        () -> socket.apply(new Access(0640, OptionalLong.of(2001), OptionalLong.empty())))
                .getMessage();
        assertTrue(message.startsWith("owner and group of " + path + " cannot be set: "), message);
        assertEquals(0660, mode());
        socket.close();
    }

    @Test
    void leaves_nothing_behind_when_the_owner_cannot_be_set_at_first() {
        int before = ThisProcess.descriptors();
        for (int i = 0; i < 10; i++) {
            assertThrows(
                    SocketPathException.class,
                    () -> ListeningSocket.bind(
                            new RefusingLibC(LIBC),
                            path,
                            new Access(0640, OptionalLong.of(2001), OptionalLong.empty()),
                            10,
                            true));
            assertFalse(exists());
        }
        ThisProcess.awaitDescriptors(before);
    }

    @Test
    void refuses_a_symbolic_link_and_leaves_it_and_its_target_alone() throws Exception {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(path, target);
        assertRefused(path + " is a symbolic link");
        assertTrue(Files.isSymbolicLink(path));
        assertFalse(Files.exists(target, LinkOption.NOFOLLOW_LINKS));
        ListeningSocket atTarget = ListeningSocket.bind(LIBC, target, mode(0600), 10, true);
        assertRefused(path + " is a symbolic link");
        assertTrue(atTarget.isInPlace());
        atTarget.close();
    }

    @Test
    void refuses_a_regular_file_and_leaves_it_alone() throws Exception {
        Files.writeString(path, "precious");
        assertRefused(path + " exists and is no socket");
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void refuses_a_directory() throws Exception {
        Files.createDirectory(path);
        assertRefused(path + " exists and is no socket");
    }

    @Test
    void refuses_the_live_socket_of_another_program_and_leaves_it_working() throws Exception {
        try (Python other = other("s.listen(5)")) {
            assertEquals("ready", other.line());
            assertRefused(heldBy(other));
            try (Client client = Client.connect(path)) {
                client.send("x");
            }
        }
    }

    private String heldBy(Python other) throws IOException {
        String program =
                Files.readString(Path.of("/proc/" + other.pid() + "/comm")).strip();
        return "another program is listening on " + path + ": process " + other.pid() + " (" + program + ") of user "
                + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    @Test
    void names_the_process_that_began_to_listen_also_where_a_child_of_it_goes_on() throws Exception {
        // Standard input ends with the parent: the child goes on until it is told to end on the socket.
        try (Python other = other(
                """
                s.listen(5)
                if os.fork():
                    print('ready')
                    os._exit(0)
                signal.alarm(60)
                while s.accept()[0].recv(1) != b'x': pass
                os._exit(0)
                """)) {
            assertEquals("ready", other.line());
            other.exit();
            assertRefused("another program is listening on " + path + ": process " + other.pid()
                    + ", which has ended since, of user " + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } finally {
            try (Client client = Client.connect(path)) {
                client.send("x");
            }
        }
    }

    @Test
    void names_itself_where_it_listens_itself() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        try {
            assertRefused(
                    "this Karaf itself, process " + ProcessHandle.current().pid() + ", is listening on " + path);
        } finally {
            socket.close();
        }
    }

    @Test
    void refuses_a_socket_that_gives_another_answer_than_connection_refused() throws Exception {
        try (Python datagrams = Python.run(
                path,
                """
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(path); print('ready'); sys.stdin.readline()
                """)) {
            assertEquals("ready", datagrams.line());
            assertRefused(path + " exists, and whether anybody listens on it cannot be told: EPROTOTYPE");
            assertTrue(exists());
        }
    }

    @Test
    void refuses_a_live_socket_with_a_full_backlog() throws Exception {
        try (Python busy = other("s.listen(0); c = [socket.socket(socket.AF_UNIX) for i in range(3)];"
                + " [x.setblocking(False) for x in c]; [x.connect_ex(path) for x in c]")) {
            assertEquals("ready", busy.line());
            assertRefused(path + " exists, and whether anybody listens on it cannot be told: EAGAIN");
            assertTrue(exists());
        }
    }

    @Test
    void replaces_a_socket_that_nobody_listens_on() throws Exception {
        leaveDeadSocket();
        long start = System.nanoTime();
        ListeningSocket socket = bind(mode(0600));
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(200), "asked twice, some time apart");
        assertTrue(socket.isInPlace());
        socket.close();
    }

    @Test
    void leaves_a_dead_socket_alone_when_told_so() throws Exception {
        leaveDeadSocket();
        String message = assertThrows(
                        SocketPathException.class, () -> ListeningSocket.bind(LIBC, path, mode(0600), 10, false))
                .getMessage();
        assertEquals(path + " exists, and stale = fail", message);
        assertTrue(exists());
    }

    @Test
    void leaves_a_dead_socket_alone_that_comes_to_life_while_it_is_looked_at() throws Exception {
        try (Python late = other("")) {
            assertEquals("ready", late.line());
            CompletableFuture<Void> listening = CompletableFuture.runAsync(
                    () -> {
                        try {
                            late.tell("s.listen(5); print('listening')");
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
            assertRefused(heldBy(late));
            listening.get(60, TimeUnit.SECONDS);
            assertEquals("listening", late.line());
        }
    }

    @Test
    void leaves_another_dead_socket_alone_that_took_the_place_while_it_was_looked_at() throws Exception {
        leaveDeadSocket();
        Path other = directory.resolve("other");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(other));
        }
        CompletableFuture<Void> replacing = CompletableFuture.runAsync(
                () -> {
                    try {
                        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        assertRefused(path + " is being used by another program");
        replacing.get(60, TimeUnit.SECONDS);
        assertTrue(exists());
    }

    @Test
    void removes_only_its_own_file_when_it_closes() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        Files.delete(path);
        Files.writeString(path, "somebody else's");
        assertFalse(socket.isInPlace());
        socket.close();
        assertEquals("somebody else's", Files.readString(path));
    }

    @Test
    void leaves_the_socket_of_another_program_that_took_its_place() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        Files.delete(path);
        try (Python other = other("s.listen(5)")) {
            assertEquals("ready", other.line());
            assertThrows(SocketPathException.class, () -> socket.apply(mode(0666)));
            socket.close();
            Client.connect(path).close();
        }
    }

    @Test
    void changes_no_other_file_that_took_its_place() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        Path precious = Files.writeString(directory.resolve("precious"), "x");
        Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rw-------"));
        Files.delete(path);
        Files.createSymbolicLink(path, precious);
        assertThrows(SocketPathException.class, () -> socket.apply(mode(0666)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(precious)));
        socket.close();
        assertTrue(Files.isSymbolicLink(path));
    }

    @Test
    void says_that_the_directory_is_missing() {
        path = directory.resolve("missing/socket");
        assertRefused(path + " cannot be bound: No such file or directory");
    }

    @Test
    void binds_the_longest_path_that_the_kernel_takes() throws Exception {
        path = directory.resolve("x".repeat(107 - directory.toString().length() - 1));
        assertEquals(107, path.toString().length());
        ListeningSocket socket = bind(mode(0600));
        assertTrue(socket.isInPlace());
        try (Python client = Python.run(path, "connect(); print('connected')")) {
            assertEquals("connected", client.line());
        }
        socket.close();
    }

    @Test
    void leaks_no_descriptor_over_many_bindings() throws Exception {
        bind(mode(0600)).close();
        int before = ThisProcess.descriptors();
        for (int i = 0; i < 100; i++) {
            bind(mode(0600)).close();
        }
        Files.writeString(path, "in the way");
        for (int i = 0; i < 100; i++) {
            assertThrows(SocketPathException.class, () -> bind(mode(0600)));
        }
        ThisProcess.awaitDescriptors(before);
    }

    @Test
    void the_descriptor_is_not_handed_to_other_programs() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        String flags = Files.readString(Path.of("/proc/self/fdinfo/" + socket.descriptor()))
                .lines()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow()
                .replaceFirst("flags:\\s*", "");
        int closeOnExec = 02000000;
        assertEquals(closeOnExec, Integer.parseInt(flags, 8) & closeOnExec, flags);
        socket.close();
    }

    private static Access mode(int mode) {
        return new Access(mode, OptionalLong.empty(), OptionalLong.empty());
    }

    private ListeningSocket bind(Access access) throws SocketPathException {
        return ListeningSocket.bind(LIBC, path, access, 10, true);
    }

    private void assertRefused(String message) {
        SocketPathException refusal = assertThrows(SocketPathException.class, () -> bind(mode(0600)));
        assertEquals(message, refusal.getMessage());
    }

    private boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private int mode() throws IOException {
        return (int) attribute("mode") & 07777;
    }

    private Object attribute(String name) throws IOException {
        return Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    private void leaveDeadSocket() throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(exists());
    }

    /** A program that has bound a socket there and then does something more, also what it is told later. */
    private Python other(String more) throws IOException {
        return Python.run(
                path,
                "s = socket.socket(socket.AF_UNIX); s.bind(path)\n" + more
                        + "\nprint('ready')\nfor line in sys.stdin: exec(line)\n");
    }

    private interface Binding {
        void run() throws SocketPathException;
    }

    /** Every mode that the file is seen to have while something is done many times. */
    private Set<Integer> watch(Binding binding, int times) throws Exception {
        Set<Integer> seen = new ConcurrentSkipListSet<>();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> watcher = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    seen.add(mode());
                } catch (IOException e) {
                    // It is not there at the moment.
                }
            }
        });
        for (int i = 0; i < times || seen.isEmpty(); i++) {
            binding.run();
        }
        done.set(true);
        watcher.get(60, TimeUnit.SECONDS);
        return seen;
    }
}
