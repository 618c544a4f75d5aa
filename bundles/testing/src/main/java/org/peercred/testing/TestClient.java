/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The client's side of a connection on a real socket. What the kernel refuses is an {@link IOException}; what does not come within
 * {@link Patience#SECONDS} seconds, an {@link AssertionError}. For one thread.
 */
public final class TestClient implements AutoCloseable {

    private static final int READ_SIZE = 65536;

    private final SocketChannel channel;
    private final Selector selector;

    private TestClient(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Connects.
     *
     * @param path a socket
     * @return the connection
     * @throws IOException if nobody listens there, or this user must not write to the socket file
     */
    public static TestClient connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        try {
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, 0);
            return new TestClient(channel, selector);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Sends a text.
     *
     * @param text sent as UTF-8, as it is: where it is a line, with its {@code \n}
     * @return this
     * @throws IOException if the connection has ended
     */
    public TestClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends bytes.
     *
     * @param bytes all of them
     * @return this
     * @throws IOException if the connection has ended
     */
    public TestClient send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        return this;
    }

    /**
     * Sends a line, and reads one.
     *
     * @param line without its {@code \n}
     * @return the next line, without its {@code \n}
     * @throws IOException if the connection has ended
     */
    public String ask(String line) throws IOException {
        return send(line + "\n").line();
    }

    /**
     * Reads a line.
     *
     * @return as UTF-8, without its {@code \n}
     * @throws IOException if the connection has ended before
     */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte next = receive(1)[0]; next != '\n'; next = receive(1)[0]) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /**
     * Reads bytes.
     *
     * @param count how many, 0 or greater
     * @return exactly as many
     * @throws IOException if the connection has ended before
     */
    public byte[] receive(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (read(buffer) < 0) {
                throw new EOFException("The stream ended after "
                        + new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
            }
        }
        return buffer.array();
    }

    /**
     * Reads everything up to a clean end of stream.
     *
     * @return as UTF-8
     * @throws IOException if the end is not clean, such as by ECONNRESET
     */
    public String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(READ_SIZE);
        while (read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /**
     * Shuts down this side, and still reads.
     *
     * @return this
     * @throws IOException if the connection has ended
     */
    public TestClient halfClose() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    private int read(ByteBuffer buffer) throws IOException {
        int count = channel.read(buffer);
        while (count == 0 && buffer.hasRemaining()) {
            await(SelectionKey.OP_READ);
            count = channel.read(buffer);
        }
        return count;
    }

    private void await(int operation) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        selector.selectedKeys().clear();
        if (selector.select(TimeUnit.SECONDS.toMillis(Patience.SECONDS)) == 0) {
            throw new AssertionError("The other side let this one wait for " + Patience.SECONDS + " seconds.");
        }
    }
}
