/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

/** What happens when the process that was authenticated is gone while another still holds its socket. */
@Timeout(120)
class PeerExitTest {

    /** A process connects and hands the socket on to a child; a third one kills it when told. The child talks to the test. */
    private static final String LEGACY =
            """
            middle = os.fork()
            if middle == 0:
                s = connect()
                CONVERSATION
                alive, mine = os.pipe()
                if os.fork() == 0:
                    os.close(mine)
                    print(os.getppid())
                    os.read(alive, 1)
                    INHERITANCE
                    os._exit(0)
                time.sleep(60)
            sys.stdin.readline()
            os.kill(middle, signal.SIGKILL)
            os.waitpid(middle, 0)
            sys.stdin.readline()
            """;

    private static final String SAY =
            """
            def say(s):
                try: s.send(b'child\\n')
                except BrokenPipeError: pass
                return s.recv(100)
            """;

    private static final String TALKED = LEGACY.replace("CONVERSATION", "s.send(b'parent\\n'); s.recv(100)");

    /** The child has the connection to itself, and uses it. */
    private static final String ASK = TALKED.replace("INHERITANCE", "s.settimeout(60); time.sleep(0.3); print(say(s))");

    /** The child waits for what comes, and says nothing: a server that has yet to notice would answer. */
    private static final String HEAR = TALKED.replace("INHERITANCE", "s.settimeout(60); print(s.recv(100))");

    @Test
    void ends_the_connection_when_asked_to() throws Exception {
        try (Server server = new Server("peer.exit", "close");
                Python client = Python.run(server.path(), HEAR)) {
            long pid = Long.parseLong(client.line());
            int descriptors = ThisProcess.descriptors();
            assertEquals(1, server.listener.open());
            client.tell("kill it");
            assertEquals("b''", client.line());
            Awaitility.await().until(() -> server.lines().stream()
                    .anyMatch(line -> line.startsWith("event=closed ")
                            && line.contains(" reason=\"process " + pid + " exited\"")));
            Awaitility.await().until(() -> server.listener.open() == 0);
            Awaitility.await().until(() -> ThisProcess.descriptors() < descriptors);
        }
    }

    @Test
    void counts_for_open_connections_too_once_it_is_configured() throws Exception {
        try (Server server = new Server();
                Python client = Python.run(server.path(), HEAR)) {
            assertTrue(Long.parseLong(client.line()) > 0);
            server.configure("peer.exit", "close");
            client.tell("kill it");
            assertEquals("b''", client.line());
        }
    }

    @Test
    void no_longer_counts_for_open_connections_when_it_is_taken_back() throws Exception {
        try (Server server = new Server("peer.exit", "close");
                Python client = Python.run(server.path(), SAY + ASK)) {
            assertTrue(Long.parseLong(client.line()) > 0);
            server.configure("peer.exit", "keep").settle();
            client.tell("kill it");
            assertEquals("b'> child\\n'", client.line());
        }
    }

    @Test
    void goes_on_by_default() throws Exception {
        try (Server server = new Server();
                Python client = Python.run(server.path(), SAY + ASK)) {
            assertTrue(Long.parseLong(client.line()) > 0);
            client.tell("kill it");
            assertEquals("b'> child\\n'", client.line());
        }
    }

    @Test
    void a_client_that_lives_notices_nothing() throws Exception {
        try (Server server = new Server("peer.exit", "close");
                Client client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                assertEquals("> " + i, client.ask(Integer.toString(i)));
            }
        }
    }

    @Test
    void a_client_that_dies_before_it_is_watched_is_closed_too() throws Exception {
        try (Server server = new Server("peer.exit", "close")) {
            int descriptors = ThisProcess.descriptors();
            for (int i = 0; i < 20; i++) {
                try (Python client = Python.run(server.path(), "connect().send(b'x\\n')")) {
                    assertEquals(0, client.exit());
                }
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            ThisProcess.awaitDescriptors(descriptors);
        }
    }

    @Test
    void costs_one_more_descriptor_for_a_process_that_connects_again_and_gives_all_back() throws Exception {
        int descriptors = ThisProcess.descriptors();
        try (Server server = new Server("peer.exit", "close")) {
            int started = ThisProcess.descriptors();
            for (int i = 0; i < 50; i++) {
                try (Client client = server.connect()) {
                    assertEquals("> x", client.ask("x"));
                }
            }
            ThisProcess.awaitDescriptors(started + 1);
        }
        ThisProcess.awaitDescriptors(descriptors);
    }

    /** So many connections, of which the test hears, and then nothing until the process is killed. */
    private static final String MANY =
            """
            sockets = [connect() for i in range(%d)]
            for s in sockets: s.send(b'x\\n')
            for s in sockets: s.recv(100)
            print('connected')
            if os.fork():
                sys.stdin.readline()
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)
            """;

    @Test
    void all_connections_of_a_process_share_its_watch_and_end_with_it_while_others_go_on() throws Exception {
        try (Server server = new Server("peer.exit", "close");
                Client other = server.connect();
                Python client = Python.run(server.path(), MANY.formatted(300))) {
            assertEquals("connected", client.line());
            assertTrue(ThisProcess.watched() < 310, "one entry of an epoll set for each connection, and few more");
            client.tell("kill it");
            Awaitility.await().until(() -> server.listener.open() == 1);
            assertEquals("> x", other.ask("x"));
            assertEquals(
                    300,
                    server.lines().stream()
                            .filter(line -> line.contains(" exited\""))
                            .count());
        }
    }

    @Test
    void more_processes_than_are_watched_together_are_watched_all_the_same() throws Exception {
        int descriptors = ThisProcess.descriptors();
        List<Python> clients = new ArrayList<>();
        try (Server server = new Server("peer.exit", "close")) {
            for (int i = 0; i < ExitWatches.MOST + 4; i++) {
                clients.add(Python.run(server.path(), MANY.formatted(3)));
                assertEquals("connected", clients.get(i).line());
            }
            for (int i = clients.size(); i > 0; i--) {
                assertEquals(3 * i, server.listener.open());
                int left = 3 * (i - 1);
                clients.get(i - 1).tell("kill it");
                Awaitility.await().until(() -> server.listener.open() == left);
            }
        } finally {
            for (Python client : clients) {
                client.close();
            }
        }
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void delivers_the_replies_that_are_due_to_who_holds_the_socket_now() throws Exception {
        try (Server server = new Server("peer.exit", "close")) {
            byte[] large = new byte[1 << 20];
            server.offer(connection -> (line, replies) -> replies.put(large));
            String program = LEGACY.replace("CONVERSATION", "s.send(b'x\\n'); s.recv(1)")
                    .replace("INHERITANCE", "time.sleep(0.3); print(1 + len(rest(s)))");
            try (Python client = Python.run(server.path(), program)) {
                assertTrue(Long.parseLong(client.line()) > 0);
                client.tell("kill it");
                assertEquals(Integer.toString(large.length), client.line());
            }
        }
    }

    @Test
    void who_cannot_be_watched_is_denied_and_later_revoked_whatever_the_cause() throws Exception {
        AtomicBoolean full = new AtomicBoolean();
        LibC libc = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (self, method, arguments) -> {
                    boolean adds = method.getName().equals("epoll_ctl") && arguments[1].equals(1);
                    return adds && full.get() ? -1 : method.invoke(Server.LIBC, arguments);
                });
        try (Server server = new Server(libc, "peer.exit", "close")) {
            full.set(true);
            try (Client client = server.connect()) {
                assertEquals("Unauthorized access\n", client.restText());
            }
            Awaitility.await().until(() -> server.events(AuditEvent.Type.DENIED).size() == 1);
            assertTrue(
                    server.events(AuditEvent.Type.DENIED).get(0).reason().startsWith("the peer cannot be watched: "));
            assertEquals(
                    1,
                    server.listener
                            .report("", true, Optional.empty())
                            .counters()
                            .denied());
            assertEquals(0, server.listener.open());
            full.set(false);
            server.configure("peer.exit", "keep");
            try (Client client = server.connect()) {
                assertEquals("> x", client.ask("x"));
                // What was answered is waited for by now.
                server.settle();
                full.set(true);
                server.configure("peer.exit", "close");
                assertEquals("Unauthorized access\n", client.restText());
            }
            Awaitility.await()
                    .until(() -> server.events(AuditEvent.Type.REVOKED).size() == 1);
            assertTrue(
                    server.events(AuditEvent.Type.REVOKED).get(0).reason().startsWith("the peer cannot be watched: "));
        }
    }
}
