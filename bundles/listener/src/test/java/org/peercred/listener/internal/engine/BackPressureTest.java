/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Echo;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class BackPressureTest {

    private static final byte[] PIPELINE =
            "0123456789abcdef0123456789abcdef\n".repeat(500_000).getBytes(StandardCharsets.US_ASCII);

    @Test
    void does_not_read_from_a_client_that_does_not_read_and_serves_the_others() throws Exception {
        try (Server server = new Server();
                Client glutton = server.connect();
                Client other = server.connect()) {
            long taken = sendUntilStuck(server, glutton);
            // Two socket buffers, one write.buffer, one read: far less than the 16 MiB that were offered.
            assertTrue(taken < 4 << 20, "the server took " + taken + " bytes");
            for (int i = 0; i < 1000; i++) {
                assertEquals("> " + i, other.ask(Integer.toString(i)));
            }
            long idle = ThisProcess.cpuNanos("test-loop");
            for (int i = 0; i < 10; i++) {
                assertEquals("> x", other.ask("x"));
            }
            assertTrue(ThisProcess.cpuNanos("test-loop") - idle < TimeUnit.SECONDS.toNanos(1), "it spins");
        }
    }

    @Test
    void bounds_what_is_kept_by_the_write_buffer() throws Exception {
        // Each line is answered by 1 KiB: replies outgrow the lines, so that the write buffer is what stops the
        // reading.
        byte[] kibibyte = new byte[1024];
        try (Server server = new Server("write.buffer", "64 KiB")) {
            server.offer(connection -> (line, replies) -> replies.put(kibibyte));
            try (Client glutton = server.connect()) {
                glutton.sendAsMuchAsPossible("\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
                Awaitility.await().until(() -> lines(server) > 0);
                Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> lines(server) < 1000);
            }
        }
    }

    @Test
    void loses_no_byte_when_the_client_reads_at_last() throws Exception {
        try (Server server = new Server();
                Client client = server.connect()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(PIPELINE).halfClose();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            long[] received = {-1};
            Awaitility.await().until(() -> {
                long now = received(server);
                boolean stuck = now > 0 && now == received[0];
                received[0] = now;
                return stuck;
            });
            assertArrayEquals(Echo.of(PIPELINE), client.rest());
            sending.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void closes_when_a_client_that_never_read_is_gone() throws Exception {
        try (Server server = new Server()) {
            try (Client glutton = server.connect()) {
                sendUntilStuck(server, glutton);
                assertEquals(1, server.listener.open());
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
        }
    }

    private static long lines(Server server) {
        return server.listener.report("", true, Optional.empty()).counters().lines();
    }

    private static long received(Server server) {
        return server.listener.report("", true, Optional.empty()).counters().received();
    }

    private static long sendUntilStuck(Server server, Client glutton) throws IOException {
        long[] total = {0};
        Awaitility.await()
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .during(200, TimeUnit.MILLISECONDS)
                .until(() -> {
                    long more = glutton.sendAsMuchAsPossible(PIPELINE);
                    total[0] += more;
                    return more == 0 && received(server) > 0;
                });
        return total[0];
    }
}
