/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/** Facts that one thread reads while another ends the connection, as it is with channels. */
@Timeout(180)
class PeerThreadsTest {

    private final Native system = Native.load();
    private Server server;
    private Client client;
    private Connection connection;
    private Runnable before = () -> {};
    private Thread closer;

    @BeforeEach
    void connect() throws Exception {
        server = new Server();
        client = new Client(server);
    }

    @AfterEach
    void stop() throws Exception {
        if (connection != null && closer == null) {
            connection.close();
        }
        client.close();
        server.close();
    }

    /** What is asked of the socket itself. */
    enum Asked {
        GROUPS(59),
        PROCESS(77),
        LABEL(31);

        private final int option;

        Asked(int option) {
            this.option = option;
        }

        Fact<?> of(Peer peer) {
            return switch (this) {
                case GROUPS -> peer.groups();
                case PROCESS -> peer.process();
                case LABEL -> peer.securityLabel();
            };
        }
    }

    /** The C library, with something that happens before an option of a socket is asked for, for the first time. */
    private LibC hooked(int option) {
        return (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getsockopt") && arguments[2].equals(option)) {
                        Runnable first = before;
                        before = () -> {};
                        first.run();
                    }
                    try {
                        return method.invoke(system.libc(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Has another thread close the connection, and waits until it has to wait. */
    private void closeMeanwhile() {
        closer = new Thread(connection::close);
        closer.start();
        Awaitility.await().until(() -> closer.getState() == Thread.State.BLOCKED);
        assertTrue(isOpen(), "the descriptor is closed while it is being asked");
    }

    private boolean isOpen() {
        return Files.exists(
                Path.of("/proc/self/fd", Integer.toString(connection.descriptor())), LinkOption.NOFOLLOW_LINKS);
    }

    private void awaitCloser() throws Exception {
        closer.join(TimeUnit.SECONDS.toMillis(60));
        assertFalse(closer.isAlive());
    }

    @ParameterizedTest
    @EnumSource
    void the_end_waits_for_a_thread_that_asks_the_socket_and_nothing_is_asked_afterwards(Asked asked) throws Exception {
        connection = Connection.of(
                client,
                server,
                new KernelPeerCredentialProvider(
                        new Native(hooked(asked.option), system.runtime()), new KernelProcessTable(system)));
        Peer peer = connection.peer();
        before = this::closeMeanwhile;
        Fact<?> read = asked.of(peer);
        assertTrue(closer != null, "the socket was not asked");
        awaitCloser();
        assertFalse(read.absence().equals("the connection is closed"), "it was asked while it was open");
        assertEquals(read, asked.of(peer), "what was read stays");
        before = () -> {
            throw new AssertionError("The descriptor of a closed connection is asked.");
        };
        for (Asked each : Asked.values()) {
            if (each != asked) {
                assertEquals("the connection is closed", each.of(peer).absence());
            }
        }
    }

    /** What is read of the process. */
    enum Read {
        ALIVE,
        START_TIME,
        EXECUTABLE,
        CONTROL_GROUP,
        ANCESTORS;

        Object of(PeerProcess process) {
            return switch (this) {
                case ALIVE -> process.alive();
                case START_TIME -> process.startTime();
                case EXECUTABLE -> process.executable();
                case CONTROL_GROUP -> process.controlGroup();
                case ANCESTORS -> process.ancestors();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_end_waits_for_a_thread_that_reads_of_the_process(Read read) throws Exception {
        HookedProcessTable table = new HookedProcessTable(new KernelProcessTable(system));
        connection = Connection.of(client, server, new KernelPeerCredentialProvider(system, table));
        var process = connection.process();
        table.beforeAlive = descriptor -> {
            table.beforeAlive = again -> {};
            closeMeanwhile();
            assertEquals(0, table.closed, "the process is given up while it is read");
        };
        Object known = read.of(process);
        assertTrue(closer != null, "the process was not asked");
        awaitCloser();
        assertEquals(1 + table.opened, table.closed, "ancestors are pinned and given up besides");
        assertFalse(process.alive());
        for (Read each : Read.values()) {
            if (each.of(process) instanceof Fact<?> fact) {
                if (each == read) {
                    assertTrue(fact.value().isPresent(), fact.absence());
                    assertEquals(known, fact, "what was read stays");
                } else {
                    assertEquals(Optional.empty(), fact.value());
                }
            }
        }
    }
}
