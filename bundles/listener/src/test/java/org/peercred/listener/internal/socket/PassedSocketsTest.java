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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Handed;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class PassedSocketsTest {

    private static final LibC LIBC = Server.LIBC;
    private static final int F_GETFD = 1;
    private static final int F_GETFL = 3;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = 04000;
    private static final String WANTED =
            "; a listener needs a Unix stream socket that listens (ListenStream= with a path, Accept=no)";

    private final Handed handed = new Handed();
    private Path directory;

    @BeforeEach
    void create() throws IOException {
        directory = Temporary.directory();
    }

    @AfterEach
    void delete() throws IOException {
        handed.close();
        Temporary.delete(directory);
    }

    @Test
    void gives_each_listener_the_socket_of_its_name() throws Exception {
        handed.listening("a", directory.resolve("one")).listening("b", directory.resolve("two"));
        PassedSocket socket = passed().take("b");
        try (Client client = Client.connect(directory.resolve("two"))) {
            assertEquals(directory.resolve("two").toString(), socket.place());
            assertTrue(socket.isFor("systemd:b"));
            assertFalse(socket.isFor("systemd:a"));
            client.send("x");
            accept(socket);
        } finally {
            socket.close();
        }
    }

    @Test
    void who_connects_between_two_listeners_waits_for_the_next_one() throws Exception {
        Path path = directory.resolve("one");
        handed.listening("a", path);
        PassedSockets passed = passed();
        passed.take("a").close();
        assertTrue(Files.exists(path));
        try (Client client = Client.connect(path)) {
            client.send("x");
            PassedSocket again = passed.take("a");
            accept(again);
            again.close();
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void no_program_that_is_started_inherits_one_and_no_loop_blocks_in_accept() throws Exception {
        handed.listening("a", directory.resolve("one")).socket("other", 2, 1);
        PassedSocket socket = passed().take("a");
        assertEquals(FD_CLOEXEC, LIBC.fcntl(Handed.FIRST, F_GETFD, 0));
        assertEquals(FD_CLOEXEC, LIBC.fcntl(Handed.FIRST + 1, F_GETFD, 0));
        assertEquals(FD_CLOEXEC, LIBC.fcntl(socket.descriptor(), F_GETFD, 0));
        assertTrue((LIBC.fcntl(socket.descriptor(), F_GETFL, 0) & O_NONBLOCK) != 0);
        socket.close();
    }

    @Test
    void leaves_no_descriptor_behind_and_closes_none_twice() throws Exception {
        handed.listening("a", directory.resolve("one"));
        PassedSockets passed = passed();
        int before = ThisProcess.descriptors();
        for (int i = 0; i < 50; i++) {
            PassedSocket socket = passed.take("a");
            assertEquals(before + 1, ThisProcess.descriptors());
            socket.close();
            socket.close();
            assertThrows(SocketPathException.class, () -> passed.take("none"));
        }
        assertEquals(before, ThisProcess.descriptors());
    }

    @Test
    void one_socket_is_for_one_listener_until_that_gives_it_up() throws Exception {
        handed.listening("a", directory.resolve("one"));
        PassedSockets passed = passed();
        PassedSocket first = passed.take("a");
        assertEquals("another listener has the socket that systemd calls a", refusal(() -> passed.take("a")));
        first.unlink();
        PassedSocket second = passed.take("a");
        // The first is not closed before its loop has woken up; it must not take the second's place from it.
        first.close();
        assertEquals("another listener has the socket that systemd calls a", refusal(() -> passed.take("a")));
        second.close();
    }

    @Test
    void sockets_without_names_are_unknown() throws Exception {
        handed.listening("a", directory.resolve("one"));
        Map<String, String> environment = handed.environment();
        environment.remove("LISTEN_FDNAMES");
        PassedSockets passed = PassedSockets.of(LIBC, environment::get, Handed.FIRST);
        passed.check("unknown");
        assertEquals("systemd handed over no socket of that name; there is unknown", refusal(() -> passed.check("a")));
    }

    @Test
    void an_empty_name_is_unknown() throws Exception {
        handed.listening("", directory.resolve("one")).listening("b", directory.resolve("two"));
        passed().check("unknown");
        passed().check("b");
    }

    @Test
    void two_sockets_of_one_name_are_told_apart_by_nobody() throws Exception {
        handed.listening("a", directory.resolve("one")).listening("a", directory.resolve("two"));
        assertEquals(
                "systemd handed over 2 sockets of that name; each needs a socket unit of its own with another"
                        + " FileDescriptorName=",
                refusal(() -> passed().check("a")));
    }

    @Test
    void tells_which_names_there_are() throws Exception {
        handed.listening("b", directory.resolve("one")).listening("a", directory.resolve("two"));
        assertEquals("systemd handed over no socket of that name; there is b, a", refusal(() -> passed().check("c")));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, a TCP socket",
        "10, 1, a TCP socket",
        "2, 2, a UDP socket",
        "16, 3, a socket of address family 16",
        "1, 2, a datagram socket (ListenDatagram=)",
        "1, 5, a sequential-packet socket (ListenSequentialPacket=)",
        "1, 1, a stream socket that does not listen (Accept=yes hands over such ones)"
    })
    void refuses_any_other_kind_of_socket(int domain, int type, String what) {
        handed.socket("a", domain, type);
        assertEquals(
                "descriptor 900, which systemd handed over, is " + what + WANTED, refusal(() -> passed().take("a")));
    }

    @Test
    void refuses_what_is_no_socket() {
        handed.file("a", Path.of("/dev/null"));
        assertEquals(
                "descriptor 900, which systemd handed over, is no socket" + WANTED, refusal(() -> passed().check("a")));
    }

    @Test
    void refuses_a_descriptor_that_was_closed_before_or_since() throws Exception {
        handed.listening("a", directory.resolve("one"));
        PassedSockets before = passed();
        handed.lose(0);
        String closed = "descriptor 900, which systemd handed over, is closed";
        assertEquals(closed, refusal(() -> before.take("a")));
        assertEquals(closed, refusal(() -> passed().take("a")));
    }

    @Test
    void refuses_a_number_that_another_socket_has_got_since() throws Exception {
        handed.listening("a", directory.resolve("one")).listening("b", directory.resolve("two"));
        PassedSockets passed = passed();
        handed.replace(0, 1);
        assertEquals(
                "descriptor 900, which systemd handed over, was closed and is another file's by now",
                refusal(() -> passed.take("a")));
    }

    @Test
    void knows_an_abstract_socket_by_its_name() throws Exception {
        String name = "peercred-test-" + directory.getFileName();
        handed.listeningAbstract("a", name + "\n");
        PassedSocket socket = passed().take("a");
        assertEquals("@" + name + "\\u000a", socket.place());
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1", "x", "99999999999"})
    void sockets_of_another_process_are_not_touched(String pid) throws Exception {
        handed.listening("a", directory.resolve("one"));
        LIBC.fcntl(Handed.FIRST, 2, 0);
        Map<String, String> environment = handed.environment();
        environment.put("LISTEN_PID", pid);
        PassedSockets passed = PassedSockets.of(LIBC, environment::get, Handed.FIRST);
        assertTrue(passed.isEmpty());
        assertEquals(
                "the sockets were handed to another process: LISTEN_PID = " + pid + ", and this is process "
                        + ProcessHandle.current().pid(),
                refusal(() -> passed.check("a")));
        assertEquals(0, LIBC.fcntl(Handed.FIRST, F_GETFD, 0));
    }

    @Test
    void without_systemd_there_are_none() {
        PassedSockets passed = PassedSockets.of(LIBC, name -> null);
        assertTrue(passed.isEmpty());
        assertEquals("this process was handed no socket: LISTEN_FDS is not set", refusal(() -> passed.check("a")));
    }

    @ParameterizedTest
    @CsvSource({
        "0, '', this process was handed no socket: LISTEN_FDS = 0",
        "-1, a, LISTEN_FDS = -1 is no number from 0 to 65536",
        "65537, a, LISTEN_FDS = 65537 is no number from 0 to 65536",
        "one, a, LISTEN_FDS = one is no number from 0 to 65536",
        "2, a, 'LISTEN_FDNAMES has 1 names for 2 sockets, so that it cannot be told which is which'",
        "1, a:b, 'LISTEN_FDNAMES has 2 names for 1 sockets, so that it cannot be told which is which'"
    })
    void an_environment_that_contradicts_itself_is_refused(String count, String names, String sentence) {
        Map<String, String> environment = handed.environment();
        environment.put("LISTEN_FDS", count);
        if (names.isEmpty()) {
            environment.remove("LISTEN_FDNAMES");
        } else {
            environment.put("LISTEN_FDNAMES", names);
        }
        PassedSockets passed = PassedSockets.of(LIBC, environment::get, Handed.FIRST);
        assertEquals(sentence, refusal(() -> passed.check("a")));
    }

    private PassedSockets passed() {
        return PassedSockets.of(LIBC, handed.environment()::get, Handed.FIRST);
    }

    private static void accept(PassedSocket socket) {
        int accepted = LIBC.accept4(socket.descriptor(), 0, 0, O_NONBLOCK);
        assertTrue(accepted >= 0, () -> LibC.nameOf(LibC.errno()));
        LIBC.close(accepted);
    }

    @FunctionalInterface
    private interface Check {
        void run() throws SocketPathException;
    }

    private static String refusal(Check check) {
        return assertThrows(SocketPathException.class, check::run).getMessage();
    }
}
