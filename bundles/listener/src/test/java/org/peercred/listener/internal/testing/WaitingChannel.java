/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelService;
import org.peercred.service.ChannelSession;

/**
 * A channel that one thread reads from and writes to as if these blocked. It waits in the way that {@link ChannelConnection} says, and
 * in no other: a readiness that is lost is waited for in vain.
 */
public final class WaitingChannel implements ChannelSession {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** What is done with one channel. */
    public interface Body {
        void serve(WaitingChannel channel) throws Exception;
    }

    public final ChannelConnection connection;
    private volatile Thread reader;
    private volatile Thread writer;
    private volatile boolean closed;

    private WaitingChannel(ChannelConnection connection) {
        this.connection = connection;
    }

    /** A service that serves each connection on a thread of the pool, and ends it then. */
    public static ChannelService service(Executor pool, Body body) {
        return connection -> {
            WaitingChannel channel = new WaitingChannel(connection);
            pool.execute(() -> {
                try {
                    body.serve(channel);
                } catch (Throwable e) {
                    // That is how a service learns that the connection has ended.
                } finally {
                    connection.end();
                }
            });
            return channel;
        };
    }

    /** Sends back whatever comes. */
    public static void echo(WaitingChannel channel) throws IOException {
        ByteBuffer buffer =
                channel.connection.id() % 2 == 0 ? ByteBuffer.allocate(5000) : ByteBuffer.allocateDirect(70_000);
        while (channel.read(buffer.clear()) >= 0) {
            channel.write(buffer.flip());
        }
    }

    /** Waits until there is something; how many bytes, -1 at the end. */
    public int read(ByteBuffer bytes) throws IOException {
        while (true) {
            int count = connection.read(bytes);
            if (count != 0) {
                return count;
            }
            reader = Thread.currentThread();
            await(connection::isReadable);
            reader = null;
        }
    }

    /** Waits until all was taken. */
    public void write(ByteBuffer... bytes) throws IOException {
        while (true) {
            connection.write(bytes);
            if (!bytes[bytes.length - 1].hasRemaining()) {
                return;
            }
            writer = Thread.currentThread();
            await(connection::isWritable);
            writer = null;
        }
    }

    private interface Readiness {
        boolean isThere();
    }

    private void await(Readiness readiness) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!closed && !readiness.isThere()) {
            LockSupport.parkNanos(this, deadline - System.nanoTime());
            if (System.nanoTime() >= deadline) {
                throw new IOException("Waited in vain.");
            }
        }
    }

    @Override
    public void readable() {
        LockSupport.unpark(reader);
    }

    @Override
    public void writable() {
        LockSupport.unpark(writer);
    }

    @Override
    public void closed() {
        closed = true;
        readable();
        writable();
    }
}
