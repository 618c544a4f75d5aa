/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.engine.ReadBuffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Echo;
import org.peercred.listener.internal.testing.Server;

@Timeout(120)
class FramingTest {

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void answers_a_line() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> this is a line", client.ask("this is a line"));
        }
    }

    @Test
    void answers_many_lines_of_one_write_in_order() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> a\n> b\n> c\n", client.send("a\nb\nc\n").receiveText(12));
        }
    }

    @Test
    void answers_a_line_that_comes_byte_by_byte() throws Exception {
        try (Client client = server.connect()) {
            for (char c : "one\ntwo".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertEquals("> one", client.line());
            assertEquals("> two three", client.ask(" three"));
        }
    }

    @Test
    void passes_every_byte_value_unchanged() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) (i == '\n' ? 'n' : i);
        }
        try (Client client = server.connect()) {
            client.send(all).send("\n").halfClose();
            assertArrayEquals(Echo.of(concat(all, new byte[] {'\n'})), client.rest());
        }
    }

    @Test
    void answers_empty_lines_and_keeps_carriage_returns() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> \n> \n> x\r\n> \r\n", client.send("\n\nx\r\n\r\n").receiveText(15));
        }
    }

    @Test
    void drops_what_was_not_ended_when_the_client_closes_its_side() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("> kept\n", client.send("kept\ndropped").halfClose().restText());
        }
    }

    @Test
    void answers_nothing_to_a_client_that_says_nothing() throws Exception {
        try (Client client = server.connect()) {
            assertEquals("", client.halfClose().restText());
        }
    }

    @Test
    void delivers_all_replies_after_a_half_close() throws Exception {
        String lines = "line\n".repeat(10_000);
        try (Client client = server.connect()) {
            CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(() -> quietly(client));
            client.send(lines).halfClose();
            assertArrayEquals(Echo.of(lines.getBytes(StandardCharsets.UTF_8)), rest.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void sends_the_answers_to_64_pipelined_lines_in_one_write() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server counted = new Server(calls);
                Client client = counted.connect()) {
            client.ask("warm");
            long before = calls.writes();
            client.send("ping\n".repeat(64));
            assertEquals("> ping\n".repeat(64), client.receiveText(64 * 7));
            assertEquals(1, calls.writes() - before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void gives_the_same_bytes_however_the_stream_is_cut(long seed) throws Exception {
        comparesAllBytes(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void gives_the_same_bytes_to_a_service_that_takes_one_line_at_a_time(long seed) throws Exception {
        server.offer(Server.ECHO_BY_LINE);
        comparesAllBytes(seed);
    }

    private void comparesAllBytes(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] stream = lines(random, 3 << 20);
        try (Client client = server.connect()) {
            CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(() -> quietly(client));
            int sent = 0;
            while (sent < stream.length) {
                int chunk = Math.min(stream.length - sent, chunk(random));
                client.send(java.util.Arrays.copyOfRange(stream, sent, sent + chunk));
                sent += chunk;
            }
            client.halfClose();
            assertArrayEquals(Echo.of(stream), rest.get(60, TimeUnit.SECONDS), "seed " + seed);
        }
    }

    /** Many tiny pieces, and some around the size of one read. */
    private static int chunk(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(8);
            case 1 -> 1 + random.nextInt(5000);
            case 2 -> ReadBuffer.CAPACITY - 2 + random.nextInt(5);
            default -> 1 + random.nextInt(200_000);
        };
    }

    /** Lines of all lengths up to the longest allowed, some of them right at it. */
    private static byte[] lines(Random random, int atLeast) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < atLeast) {
            int length =
                    switch (random.nextInt(8)) {
                        case 0 -> 0;
                        case 1, 2, 3 -> random.nextInt(20);
                        case 4, 5 -> random.nextInt(3000);
                        case 6 -> random.nextInt(65537);
                        default -> 65536 - random.nextInt(3);
                    };
            byte[] line = new byte[length];
            random.nextBytes(line);
            for (int i = 0; i < length; i++) {
                all.write(line[i] == '\n' ? 'n' : line[i]);
            }
            all.write('\n');
        }
        return all.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] quietly(Client client) {
        try {
            return client.rest();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
