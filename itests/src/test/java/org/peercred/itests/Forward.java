/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A port on localhost whose connections are connections of a Unix socket, for browsers, which have no other. Ssh does the same. */
final class Forward implements Closeable {

    private final ServerSocketChannel server;
    private final SocketAddress socket;

    Forward(SocketAddress socket) throws IOException {
        this.socket = socket;
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept);
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** What fails ends with its connection, or with all of it. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The other side is gone; whoever waits for it learns of that by itself.
                    }
                },
                "forward");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel client = server.accept();
            SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX);
            peer.connect(socket);
            start(() -> copy(client, peer));
            start(() -> copy(peer, client));
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(1 << 16);
        try (from;
                to) {
            while (from.read(some) >= 0) {
                some.flip();
                while (some.hasRemaining()) {
                    to.write(some);
                }
                some.clear();
            }
        }
    }
}
