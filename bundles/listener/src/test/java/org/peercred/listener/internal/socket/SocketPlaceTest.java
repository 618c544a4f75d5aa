/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Python;

/** What is where a socket file shall be: only a socket that nobody listens on is removed. */
@Timeout(120)
class SocketPlaceTest extends SocketFixture {

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

    private void leaveDeadSocket() throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(exists());
    }
}
