/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The client's side of one connection. Everything blocks; what the kernel refuses is an exception. */
public final class Client implements AutoCloseable {

    private final SocketChannel channel;

    private Client(SocketChannel channel) {
        this.channel = channel;
    }

    public static Client connect(Path path) throws IOException {
        return new Client(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    public Client send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public Client send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    /** Sends until the kernel takes no more; how many bytes it took. */
    public long sendAsMuchAsPossible(byte[] bytes) throws IOException {
        channel.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long sent = 0;
        while (buffer.hasRemaining()) {
            int taken = channel.write(buffer);
            if (taken == 0) {
                break;
            }
            sent += taken;
        }
        channel.configureBlocking(true);
        return sent;
    }

    /** Exactly so many bytes. */
    public byte[] receive(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("End of stream after "
                        + new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1));
            }
        }
        return buffer.array();
    }

    /** As many characters as the expected text has. */
    public String receiveText(int count) throws IOException {
        return new String(receive(count), StandardCharsets.UTF_8);
    }

    /** As many characters as the expected text has, or fewer where the stream ends before. */
    public String upTo(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        int last = 0;
        while (buffer.hasRemaining() && last >= 0) {
            last = channel.read(buffer);
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    /** One round trip with an echo service. */
    public String ask(String line) throws IOException {
        send(line + "\n");
        return line();
    }

    /** The next line, without its end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte next = receive(1)[0]; next != '\n'; next = receive(1)[0]) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Everything up to a clean end of stream; ECONNRESET is an exception. */
    public byte[] rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    public String restText() throws IOException {
        return new String(rest(), StandardCharsets.UTF_8);
    }

    /** One read of whatever is there; the number of bytes, -1 at the end. */
    public int readOnce(ByteBuffer buffer) throws IOException {
        return channel.read(buffer);
    }

    /** Whether something can be read at once, the end of stream included. */
    public boolean hasNews() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) != 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    public Client halfClose() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** Closes before the test is over. */
    public void leave() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
