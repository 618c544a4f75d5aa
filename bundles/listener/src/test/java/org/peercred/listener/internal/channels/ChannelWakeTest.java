/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ChannelConnection;

/** When the loop and the kernel are asked for something on behalf of a channel, and when not. */
@Timeout(120)
class ChannelWakeTest extends ChannelFixture {

    @Test
    void a_connection_is_registered_once_and_for_no_room_so_that_its_requests_wake_no_loop_twice() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server counted = new Server(calls)) {
            counted.offer(serve(WaitingChannel::echo));
            try (Client client = counted.connect()) {
                assertEquals("warm", client.ask("warm"));
                // The service's thread may answer before the loop has come to register the connection.
                counted.settle();
                long registrations = calls.controls();
                long wakeups = calls.wakeups();
                for (int i = 0; i < 500; i++) {
                    assertEquals("x" + i, client.ask("x" + i));
                }
                assertEquals(registrations, calls.controls());
                assertEquals(wakeups, calls.wakeups());
                assertFalse(calls.interests().stream().anyMatch(ChannelWakeTest::isForRoom));
            }
            Awaitility.await().until(() -> counted.listener.open() == 0);
        }
    }

    @Test
    void room_is_told_of_while_somebody_waits_for_it_and_no_longer() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        byte[] much = new byte[2 << 20];
        try (Server counted = new Server(calls)) {
            counted.offer(serve(channel -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                while (channel.read(one.clear()) > 0) {
                    channel.write(one.get(0) == 'm' ? ByteBuffer.wrap(much) : one.flip());
                }
            }));
            try (Client client = counted.connect()) {
                for (int round = 0; round < 3; round++) {
                    int before = calls.interests().size();
                    client.send("m");
                    Awaitility.await("somebody waits for room")
                            .until(() -> calls.interests().stream().skip(before).anyMatch(ChannelWakeTest::isForRoom));
                    assertEquals(much.length, client.receive(much.length).length);
                    Awaitility.await("nobody waits for room any longer")
                            .until(() -> !isForRoom(
                                    calls.interests().get(calls.interests().size() - 1)));
                }
            }
        }
    }

    private static boolean isForRoom(int interest) {
        return (interest & Epoll.OUT) != 0;
    }

    @Test
    void who_writes_before_the_connection_is_watched_is_told_of_room_all_the_same() throws Exception {
        int total = 4 << 20;
        server.offer(new ChannelOffer(connection -> {
            ByteBuffer bytes = ByteBuffer.allocate(total);
            writeSome(connection, bytes);
            return new Quiet() {
                @Override
                public void writable() {
                    writeSome(connection, bytes);
                }
            };
        }));
        try (Client client = server.connect()) {
            assertEquals(total, client.receive(total).length);
        }
    }

    private static void writeSome(ChannelConnection connection, ByteBuffer bytes) {
        try {
            do {
                connection.write(bytes);
            } while (bytes.hasRemaining() && connection.isWritable());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_is_known_to_be_drained_costs_no_system_call() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server counted = new Server(calls)) {
            counted.offer(new ChannelOffer(connection -> {
                opened.complete(connection);
                return new Quiet();
            }));
            try (Client client = counted.connect()) {
                client.send("x");
                Awaitility.await().until(connection()::isReadable);
                ByteBuffer bytes = ByteBuffer.allocate(10);
                assertEquals(1, connection().read(bytes));
                assertEquals(0, connection().read(bytes));
                long before = calls.reads();
                assertEquals(0, connection().read(bytes));
                assertEquals(before, calls.reads());
                client.send("y");
                Awaitility.await().until(connection()::isReadable);
                assertEquals(1, connection().read(bytes));
            }
        }
    }
}
