/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.Runtime;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.DelegatingLibC;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelService;
import org.peercred.service.ChannelSession;
import org.peercred.service.ConnectionReport;

/** Connections that end, in every way, while several threads read from them and write to them. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ChannelRaceTest {

    private static final int CONNECTIONS = 6000;
    private static final int EIO = 5;

    private final AtomicReference<String> mixedUp = new AtomicReference<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<Tagged> live = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** A channel whose client sends nothing but one byte, over and over, and is sent nothing but that. */
    private final class Tagged implements ChannelSession {

        private final ChannelConnection connection;
        private final AtomicReference<Byte> tag = new AtomicReference<>();
        private final AtomicInteger ends = new AtomicInteger();

        Tagged(ChannelConnection connection) {
            this.connection = connection;
        }

        /** Used long after the end, too: that is when a descriptor is another's. */
        void use(ByteBuffer buffer) {
            try {
                if (connection.read(buffer.clear()) > 0) {
                    tag.compareAndSet(null, buffer.get(0));
                    for (int i = 0; i < buffer.position(); i++) {
                        check(tag.get(), buffer.get(i), "the server");
                    }
                }
                if (tag.get() != null) {
                    connection.write(buffer.clear()
                            .limit(3)
                            .put(0, tag.get())
                            .put(1, tag.get())
                            .put(2, tag.get()));
                }
            } catch (IOException e) {
                // It has ended, as this test wants it.
            }
        }

        @Override
        public void readable() {}

        @Override
        public void writable() {}

        @Override
        public void closed() {
            ends.incrementAndGet();
            closed.incrementAndGet();
        }
    }

    private void check(byte expected, byte got, String where) {
        if (expected != got) {
            mixedUp.compareAndSet(null, where + " got " + got + " where " + expected + " was sent");
        }
    }

    private ChannelService service() {
        return connection -> {
            Tagged channel = new Tagged(connection);
            opened.incrementAndGet();
            live.add(channel);
            return channel;
        };
    }

    /** Gives others the processor where it hurts most: before the call that uses the descriptor. */
    private static LibC hesitant() {
        return new DelegatingLibC(Server.LIBC) {
            @Override
            public long recv(int socket, long buffer, long length, int flags) {
                hesitate();
                return kernel.recv(socket, buffer, length, flags);
            }

            @Override
            public long send(int socket, long buffer, long length, int flags) {
                hesitate();
                return kernel.send(socket, buffer, length, flags);
            }

            private void hesitate() {
                if (ThreadLocalRandom.current().nextInt(4) == 0) {
                    LockSupport.parkNanos(1);
                }
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_byte_reaches_another_connection_whoever_ends_them_while_they_are_read_and_written(boolean polled)
            throws Exception {
        int descriptors = ThisProcess.descriptors();
        try (Server server = new Server(hesitant(), "max.connections.per.uid", "10000")) {
            server.loop.spin(polled);
            server.offer(polled ? new PolledOffer(service()) : new ChannelOffer(service()));
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                workers.add(start(this::workOn));
            }
            List<Thread> clients = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                Random random = new Random(k);
                clients.add(start(() -> churn(server, random)));
            }
            Thread killer = start(() -> disconnectSome(server));
            for (Thread client : clients) {
                client.join();
            }
            server.access.denyAll();
            server.listener.recheck();
            Awaitility.await().until(() -> server.listener.open() == 0);
            over = true;
            killer.join();
            for (Thread worker : workers) {
                worker.join();
            }
        }
        assertNull(mixedUp.get());
        assertTrue(opened.get() > CONNECTIONS / 2, "only " + opened.get() + " were opened");
        assertEquals(opened.get(), closed.get());
        Awaitility.await().until(() -> ThisProcess.descriptors() <= descriptors);
    }

    @Test
    void a_server_that_stops_in_the_midst_leaves_no_descriptor_and_nobody_waiting() throws Exception {
        int descriptors = ThisProcess.descriptors();
        Thread worker = start(this::workOn);
        for (int round = 0; round < 20; round++) {
            try (Server server = new Server(hesitant())) {
                server.offer(new ChannelOffer(service()));
                List<Client> clients = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    clients.add(server.connect().send("yyyy"));
                }
                server.stop();
                for (Client client : clients) {
                    byte[] rest = rest(client);
                    for (byte one : rest) {
                        check((byte) 'y', one, "a client");
                    }
                    client.close();
                }
            }
        }
        over = true;
        worker.join();
        assertNull(mixedUp.get());
        assertEquals(opened.get(), closed.get());
        Awaitility.await().until(() -> ThisProcess.descriptors() <= descriptors);
    }

    @Test
    void an_error_of_a_system_call_ends_its_connection_with_that_reason() throws Exception {
        for (String failing : List.of("recv", "send", "shutdown")) {
            CountDownLatch used = new CountDownLatch(1);
            LibC libc = new DelegatingLibC(Server.LIBC) {
                @Override
                public long recv(int socket, long buffer, long length, int flags) {
                    return failing.equals("recv") ? refuse() : kernel.recv(socket, buffer, length, flags);
                }

                @Override
                public long send(int socket, long buffer, long length, int flags) {
                    return failing.equals("send") ? refuse() : kernel.send(socket, buffer, length, flags);
                }

                @Override
                public int shutdown(int socket, int how) {
                    return failing.equals("shutdown") ? refuse() : kernel.shutdown(socket, how);
                }

                private int refuse() {
                    Runtime.getSystemRuntime().setLastError(EIO);
                    used.countDown();
                    return -1;
                }
            };
            try (Server server = new Server(libc)) {
                List<ChannelConnection> channels = new ArrayList<>();
                server.offer(new ChannelOffer(connection -> {
                    channels.add(connection);
                    return new Tagged(connection);
                }));
                try (Client client = server.connect()) {
                    Awaitility.await().until(() -> server.listener.open() == 1);
                    IOException e = assertThrows(IOException.class, () -> {
                        ChannelConnection channel = channels.get(0);
                        switch (failing) {
                            case "recv" -> channel.read(ByteBuffer.allocate(1));
                            case "send" -> channel.write(ByteBuffer.allocate(1));
                            default -> channel.shutdownOutput();
                        }
                    });
                    assertEquals("The connection is broken: EIO", e.getMessage());
                    assertEquals("", client.restText());
                }
                Awaitility.await()
                        .until(() -> server.events(AuditEvent.Type.CLOSED).size() == 1);
                assertEquals("EIO", server.events(AuditEvent.Type.CLOSED).get(0).reason());
            }
        }
    }

    private void workOn() {
        ByteBuffer direct = ByteBuffer.allocateDirect(1000);
        ByteBuffer heap = ByteBuffer.allocate(1000);
        while (!over) {
            live.removeIf(channel ->
                    channel.ends.get() > 0 && ThreadLocalRandom.current().nextInt(50) == 0);
            for (Tagged channel : live) {
                channel.use(direct);
                channel.use(heap);
                if (ThreadLocalRandom.current().nextInt(400) == 0) {
                    channel.connection.end();
                }
            }
        }
    }

    /** Connects, sends its own byte, looks at what it gets, and leaves. */
    private void churn(Server server, Random random) {
        ByteBuffer got = ByteBuffer.allocate(1000);
        for (int i = 0; i < CONNECTIONS / 3; i++) {
            byte tag = (byte) ('a' + random.nextInt(26));
            byte[] some = new byte[1 + random.nextInt(100)];
            Arrays.fill(some, tag);
            try (Client client = server.connect()) {
                for (int j = 0; j < 1 + random.nextInt(3); j++) {
                    client.send(some);
                    int count = client.readOnce(got.clear());
                    for (int b = 0; b < count; b++) {
                        check(tag, got.get(b), "a client");
                    }
                }
            } catch (IOException e) {
                // It was ended in the midst, as this test wants it.
            }
        }
    }

    private void disconnectSome(Server server) {
        while (!over) {
            for (ConnectionReport report : server.listener.connections()) {
                if (report.id() % 5 == 0) {
                    server.listener.disconnect(report.id());
                }
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static byte[] rest(Client client) {
        try {
            return client.rest();
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static Thread start(Runnable task) {
        Thread thread = new Thread(task, "race");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
