/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.baselines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/** jnr-unixsocket with blocking channels and a thread for each connection. */
public final class JnrThreadServer {
    private static final int FIRST_SIZE = 4096;
    private static final int BACKLOG = 4096;
    private static final long STACK = 256 * 1024;

    private JnrThreadServer() {}

    /**
     * Serves until the process is ended.
     *
     * @param arguments the path of the socket
     * @throws IOException when the socket cannot be opened, or accepting fails
     */
    public static void main(String[] arguments) throws IOException {
        Path path = Wire.prepare(arguments);
        UnixServerSocketChannel server = UnixServerSocketChannel.open();
        server.socket().bind(new UnixSocketAddress(path.toFile()), BACKLOG);
        Wire.openToAll(path);
        // the file belongs to whoever runs this program
        int daemon = (Integer) Files.getAttribute(path, "unix:uid");
        // a thread that is done waits for the next connection: starting one each time costs ten times as much
        ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(null, task, "connection", STACK));
        while (true) {
            UnixSocketChannel channel = server.accept();
            threads.execute(() -> serve(channel, daemon));
        }
    }

    private static void serve(UnixSocketChannel channel, int daemon) {
        try (channel) {
            if (channel.getOption(UnixSocketOptions.SO_PEERCRED).getUid() == daemon) {
                echo(channel);
            } else {
                refuse(channel);
            }
        } catch (IOException e) {
            // the client is gone, and the connection with it
        }
    }

    private static void echo(UnixSocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(FIRST_SIZE);
        ByteBuffer out = ByteBuffer.allocate(FIRST_SIZE * Wire.GROWTH);
        while (channel.read(in) >= 0) {
            in.flip();
            Wire.reply(in, out);
            in.compact();
            writeAll(channel, out.flip());
            out.clear();
            if (!in.hasRemaining()) {
                if (in.capacity() > Wire.MAX_LINE) {
                    writeAll(channel, Wire.tooLong());
                    return;
                }
                in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
                out = ByteBuffer.allocate(in.capacity() * Wire.GROWTH);
            }
        }
    }

    private static void refuse(UnixSocketChannel channel) throws IOException {
        writeAll(channel, Wire.denied());
        channel.shutdownOutput();
        channel.shutdownInput();
        ByteBuffer ignored = ByteBuffer.allocate(FIRST_SIZE);
        for (int i = 0; i < Wire.DRAIN && channel.read(ignored.clear()) > 0; i++) {}
    }

    private static void writeAll(UnixSocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
