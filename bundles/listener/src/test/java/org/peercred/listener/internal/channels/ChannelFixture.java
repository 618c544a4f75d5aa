/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelSession;

/** A listener of its own for channels, and threads for who serves them. */
abstract class ChannelFixture {

    final ExecutorService pool = Executors.newCachedThreadPool();
    final CompletableFuture<ChannelConnection> opened = new CompletableFuture<>();
    Server server;

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
    static class Quiet implements ChannelSession {

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

    ChannelOffer serve(WaitingChannel.Body body) {
        return new ChannelOffer(WaitingChannel.service(pool, body));
    }

    /** The connection of a service that does nothing by itself. */
    ChannelConnection connection() throws Exception {
        return opened.get(60, TimeUnit.SECONDS);
    }

    Quiet offerQuiet() {
        Quiet session = new Quiet();
        server.offer(new ChannelOffer(connection -> {
            opened.complete(connection);
            return session;
        }));
        return session;
    }

    static ByteBuffer ascii(String text, boolean direct) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length);
        return buffer.put(bytes).flip();
    }
}
