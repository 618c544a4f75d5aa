/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelService;
import org.peercred.service.ChannelSession;
import org.peercred.service.LastWords;

/** Services that read and write from threads of their own. */
@Timeout(120)
class ChannelServiceTest {

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final CompletableFuture<ChannelConnection> opened = new CompletableFuture<>();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        pool.shutdownNow();
        assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
    }

    /** Is told, and does nothing. */
    private static class Quiet implements ChannelSession {

        final AtomicInteger readable = new AtomicInteger();
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void readable() {
            readable.incrementAndGet();
        }

        @Override
        public void writable() {}

        @Override
        public void closed() {
            closed.countDown();
        }
    }

    private ChannelOffer serve(WaitingChannel.Body body) {
        return new ChannelOffer(WaitingChannel.service(pool, body));
    }

    /** The connection of a service that does nothing by itself. */
    private ChannelConnection connection() throws Exception {
        return opened.get(60, TimeUnit.SECONDS);
    }

    private Quiet offerQuiet() {
        Quiet session = new Quiet();
        server.offer(new ChannelOffer(connection -> {
            opened.complete(connection);
            return session;
        }));
        return session;
    }

    @Test
    void every_byte_arrives_in_both_directions_and_half_close_is_end_of_stream() throws Exception {
        server.offer(serve(WaitingChannel::echo));
        byte[] sent = new byte[3_000_000];
        new Random(7).nextBytes(sent);
        for (int i = 0; i < 2; i++) {
            try (Client client = server.connect()) {
                CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> rest(client));
                client.send(sent).halfClose();
                assertArrayEquals(sent, received.get(60, TimeUnit.SECONDS));
            }
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        var counters =
                server.listener.report("", true, java.util.Optional.empty()).counters();
        assertEquals(2L * sent.length, counters.received());
        assertEquals(2L * sent.length, counters.sent());
    }

    @Test
    void buffers_of_every_kind_are_filled_and_sent_from_their_position_to_their_limit() throws Exception {
        Quiet session = offerQuiet();
        try (Client client = server.connect()) {
            ChannelConnection connection = connection();
            ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
            ByteBuffer[] parts = {
                ascii("heap-", false),
                ByteBuffer.allocate(0),
                ascii("direct-", true),
                ascii("xx-read-only-", false).position(2).asReadOnlyBuffer(),
                ascii("xxxslice", true).position(3).slice(),
            };
            String text = "heap-direct--read-only-slice";
            assertEquals(text.length(), connection.write(parts));
            for (ByteBuffer part : parts) {
                assertFalse(part.hasRemaining());
            }
            assertEquals(text, client.receiveText(text.length()));
            fill(direct, 3, 90_003);
            ByteBuffer head = ascii("head", false);
            assertEquals(90_004, connection.write(head, direct));
            byte[] got = client.receive(90_004);
            assertEquals("head", new String(got, 0, 4, StandardCharsets.US_ASCII));
            for (int i = 4; i < got.length; i++) {
                assertEquals((byte) (i - 4 + 3), got[i]);
            }
            assertEquals(0, connection.write());
            assertEquals(0, connection.write(ByteBuffer.allocate(0)));

            client.send("0123456789");
            Awaitility.await().until(connection::isReadable);
            ByteBuffer heap = ByteBuffer.wrap(new byte[8], 2, 3);
            assertEquals(0, connection.read(ByteBuffer.allocate(0)));
            assertEquals(3, connection.read(heap));
            assertEquals("012", new String(heap.array(), 2, 3, StandardCharsets.US_ASCII));
            direct.clear().position(50).limit(54);
            assertEquals(4, connection.read(direct));
            assertEquals("3456", text(direct.flip().position(50)));
            assertThrows(
                    ReadOnlyBufferException.class,
                    () -> connection.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
            ByteBuffer slice = direct.clear().position(7).slice();
            assertEquals(3, connection.read(slice));
            assertEquals("789", text(slice.flip()));
            assertEquals(0, connection.read(slice.clear()));
        }
        assertTrue(session.closed.getCount() > 0);
        connection().end();
        assertTrue(session.closed.await(60, TimeUnit.SECONDS));
    }

    @Test
    void no_readiness_is_lost_however_reads_writes_and_news_fall_together() throws Exception {
        server.offer(serve(WaitingChannel::echo));
        int clients = 8;
        int rounds = 3000;
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int k = 0; k < clients; k++) {
            Random random = new Random(k);
            done.add(CompletableFuture.runAsync(
                    () -> {
                        try (Client client = server.connect()) {
                            for (int i = 0; i < rounds; i++) {
                                byte[] bytes = new byte[1 + random.nextInt(3)];
                                random.nextBytes(bytes);
                                for (byte one : bytes) {
                                    client.send(new byte[] {one});
                                    spin(random.nextInt(20_000));
                                }
                                assertArrayEquals(bytes, client.receive(bytes.length));
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    pool));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(50, TimeUnit.SECONDS);
    }

    @Test
    void a_client_that_does_not_read_is_waited_for_and_gets_every_byte_at_last() throws Exception {
        int total = 16 << 20;
        AtomicInteger written = new AtomicInteger();
        server.offer(serve(channel -> {
            ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 16);
            for (int done = 0; done < total; done += chunk.capacity()) {
                channel.write(chunk.clear());
                written.addAndGet(chunk.capacity());
            }
        }));
        try (Client client = server.connect()) {
            Awaitility.await().until(() -> written.get() > 0);
            Awaitility.await().during(300, TimeUnit.MILLISECONDS).until(() -> written.get() < 4 << 20);
            assertEquals(total, client.rest().length);
        }
    }

    @Test
    void a_connection_is_registered_once_and_for_no_room_so_that_its_requests_wake_no_loop_twice() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server counted = new Server(calls)) {
            counted.offer(serve(WaitingChannel::echo));
            try (Client client = counted.connect()) {
                assertEquals("warm", client.ask("warm"));
                long registrations = calls.controls();
                long wakeups = calls.wakeups();
                for (int i = 0; i < 500; i++) {
                    assertEquals("x" + i, client.ask("x" + i));
                }
                assertEquals(registrations, calls.controls());
                assertEquals(wakeups, calls.wakeups());
                assertFalse(calls.interests().stream().anyMatch(ChannelServiceTest::isForRoom));
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
                            .until(() ->
                                    calls.interests().stream().skip(before).anyMatch(ChannelServiceTest::isForRoom));
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

    @ParameterizedTest
    @ValueSource(strings = {"text", "http"})
    void a_revoked_connection_throws_wherever_it_is_used_and_nothing_is_put_into_what_was_written(String protocol)
            throws Exception {
        Quiet session = offerQuiet();
        server.configure("protocol", protocol);
        try (Client client = server.connect()) {
            ChannelConnection connection = connection();
            connection.write(ascii("before ", false));
            server.access.denyAll();
            server.listener.recheck();
            assertTrue(session.closed.await(60, TimeUnit.SECONDS));
            assertFalse(connection.isOpen());
            assertThrows(IOException.class, () -> connection.read(ByteBuffer.allocate(1)));
            assertThrows(IOException.class, () -> connection.write(ascii("late", false)));
            assertThrows(IOException.class, connection::shutdownOutput);
            connection.end();
            assertEquals("before ", client.restText());
        }
        Awaitility.await().until(() -> server.events(AuditEvent.Type.REVOKED).size() == 1);
        assertEquals(1, server.events(AuditEvent.Type.CLOSED).size());
    }

    /** Knows what may be said where. */
    private static final class Eloquent implements ChannelService, LastWords {

        @Override
        public ChannelSession open(ChannelConnection connection) {
            return new Quiet();
        }

        @Override
        public byte[] lastWords(Cause cause, String text) {
            return (cause + ": " + text).getBytes(StandardCharsets.US_ASCII);
        }
    }

    @Test
    void last_words_of_the_services_own_are_said_all_the_same() throws Exception {
        server.offer(new ChannelOffer(new Eloquent()));
        try (Client client = server.connect()) {
            Awaitility.await()
                    .until(() -> server.events(AuditEvent.Type.ALLOWED).size() == 1);
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("REVOKED: Unauthorized access", client.restText());
        }
    }

    @Test
    void who_is_denied_never_reaches_the_service() throws Exception {
        offerQuiet();
        server.access.denyAll();
        try (Client client = server.connect()) {
            assertEquals("Unauthorized access\n", client.send("x").restText());
        }
        assertFalse(opened.isDone());
    }

    @Test
    void limits_are_told_and_withdrawal_and_stop_end_it_without_words() throws Exception {
        server.offer(serve(WaitingChannel::echo)).configure("max.connections", "1");
        try (Client first = server.connect()) {
            assertEquals("x", first.ask("x"));
            try (Client second = server.connect()) {
                assertEquals("Too many connections\n", second.restText());
            }
            server.offerNothing();
            assertEquals("", first.restText());
        }
        server.offer(serve(WaitingChannel::echo));
        Awaitility.await().until(() -> server.listener.open() == 0);
        try (Client third = server.connect()) {
            assertEquals("x", third.ask("x"));
            server.stop();
            assertEquals("", third.restText());
        }
    }

    @Test
    void who_does_nothing_is_idle_unless_the_service_is_busy() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        server.configure("idle.timeout", "200 ms").offer(new ChannelOffer(connection -> new Quiet() {
            @Override
            public boolean isBusy() {
                return busy.get();
            }
        }));
        try (Client client = server.connect()) {
            Awaitility.await().during(700, TimeUnit.MILLISECONDS).until(() -> server.listener.open() == 1);
            busy.set(false);
            assertEquals("", client.restText());
        }
    }

    @Test
    void decisions_and_roles_are_worked_out_by_the_thread_that_asks_while_the_loop_has_other_work() throws Exception {
        offerQuiet();
        List<String> threads = new ArrayList<>();
        server.roles((peer, listener) -> Set.of("on-" + listener));
        server.access.allow(request -> {
            if (!request.action().equals(AccessRequest.CONNECT)) {
                threads.add(Thread.currentThread().getName());
                return request.peer().groups().value().isPresent();
            }
            return true;
        });
        try (Client client = server.connect()) {
            ChannelConnection connection = connection();
            CompletableFuture<Void> goOn = new CompletableFuture<>();
            server.loop.execute(() -> goOn.orTimeout(60, TimeUnit.SECONDS).join());
            assertTrue(connection.decide("command:x").allowed());
            assertEquals(Set.of("on-test"), connection.roles());
            goOn.complete(null);
            assertEquals(List.of(Thread.currentThread().getName()), threads);
            client.leave();
        }
        connection().end();
    }

    @Test
    void facts_that_nobody_read_in_time_are_absent_and_never_another_connections() throws Exception {
        Quiet session = offerQuiet();
        server.access.allow(request -> request.action().equals(AccessRequest.CONNECT)
                || request.peer().groups().value().isPresent());
        try (Client client = server.connect()) {
            connection().end();
            assertTrue(session.closed.await(60, TimeUnit.SECONDS));
            assertFalse(connection().decide("command:x").allowed());
            assertEquals("", client.restText());
        }
    }

    @Test
    void when_a_service_is_told_of_the_end_nothing_more_can_be_read_of_the_peer() throws Exception {
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        server.access.allow(request -> request.action().equals(AccessRequest.CONNECT)
                || request.peer().groups().value().isPresent());
        server.offer(new ChannelOffer(connection -> {
            opened.complete(connection);
            return new Quiet() {
                @Override
                public void closed() {
                    late.complete(connection.decide("command:x").allowed());
                }
            };
        }));
        try (Client client = server.connect()) {
            connection().end();
            assertFalse(late.get(60, TimeUnit.SECONDS));
            assertEquals("", client.restText());
        }
    }

    @Test
    void a_service_that_throws_ends_its_own_connection_alone() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        server.offer(new ChannelOffer(connection -> new ChannelSession() {
            @Override
            public void readable() {
                throw new IllegalStateException("broken");
            }

            @Override
            public void writable() {}

            @Override
            public void closed() {
                closed.incrementAndGet();
                throw new IllegalStateException("broken, too");
            }
        }));
        try (Client other = server.connect();
                Client client = server.connect()) {
            assertEquals("", client.send("x").restText());
            assertFalse(other.hasNews());
        }
        Awaitility.await().until(() -> closed.get() >= 1);
    }

    @Test
    void a_service_that_cannot_open_a_channel_cannot_use_it_either() throws Exception {
        CompletableFuture<ChannelConnection> half = new CompletableFuture<>();
        ChannelService failing = connection -> {
            half.complete(connection);
            throw new IllegalStateException("broken");
        };
        server.offer(new ChannelOffer(failing));
        try (Client client = server.connect()) {
            assertEquals("Service unavailable\n", client.restText());
            assertThrows(IOException.class, () -> half.join().write(ascii("x", false)));
        }
    }

    @Test
    void what_was_written_arrives_before_a_clean_end_though_the_client_goes_on_sending() throws Exception {
        server.offer(serve(channel -> {
            channel.read(ByteBuffer.allocate(1));
            channel.write(ascii("last", false));
        }));
        for (int i = 0; i < 200; i++) {
            try (Client client = server.connect()) {
                assertEquals("last", client.send("x".repeat(1 + i * 100)).restText());
            }
        }
    }

    @Test
    void output_can_be_shut_down_alone() throws Exception {
        server.offer(serve(channel -> {
            channel.connection.shutdownOutput();
            channel.connection.shutdownOutput();
            assertThrows(IOException.class, () -> channel.connection.write(ascii("x", false)));
        }));
        try (Client client = server.connect()) {
            assertEquals("", client.restText());
        }
        Quiet session = offerQuiet();
        try (Client client = server.connect()) {
            ChannelConnection connection = connection();
            connection.shutdownOutput();
            assertEquals("", client.restText());
            client.send("more");
            Awaitility.await().until(() -> session.readable.get() > 0);
            assertEquals(4, connection.read(ByteBuffer.allocate(10)));
            connection.end();
        }
    }

    private static void fill(ByteBuffer buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            buffer.put(i, (byte) i);
        }
        buffer.position(from).limit(to);
    }

    private static ByteBuffer ascii(String text, boolean direct) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length);
        return buffer.put(bytes).flip();
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.US_ASCII.decode(buffer).toString();
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static byte[] rest(Client client) {
        try {
            return client.rest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
