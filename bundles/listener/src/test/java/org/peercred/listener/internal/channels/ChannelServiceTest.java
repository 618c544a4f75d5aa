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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ConnectionReport;

/** Services that read and write from threads of their own: every byte arrives. */
@Timeout(120)
class ChannelServiceTest extends ChannelFixture {

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
        var counters = server.listener.report("", true, Optional.empty()).counters();
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
            ConnectionReport report = server.listener.connections().get(0);
            assertEquals(10, report.received());
            assertEquals(text.length() + 90_004, report.sent());
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
