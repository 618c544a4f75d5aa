/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The client's side of a connection, with every wait bounded. */
final class Client implements AutoCloseable {

    static final String NO_SOCKET = "(no socket)";
    static final String END = "(end of stream)";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocate(1 << 16);

    private Client(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    static Client connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Client(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What a new client hears first when it sends a line: a line, {@link #END} or {@link #NO_SOCKET}. */
    static String hears(Path socket, String line) throws IOException {
        if (!Files.exists(socket)) {
            return NO_SOCKET;
        }
        try (Client client = connect(socket)) {
            client.send(line);
            return client.line().orElse(END);
        } catch (ConnectException e) {
            return NO_SOCKET;
        } catch (SocketException e) {
            // The file went away between the look and the connect, or the listener in between connect and accept.
            return Files.exists(socket) ? END : NO_SOCKET;
        }
    }

    /** Sends a line; that nobody may be there to read it any more is no error, since then the answer is there already. */
    void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (SocketException e) {
            if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw e;
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw e;
            }
        }
    }

    /** The reply to a line. */
    String ask(String line) throws IOException {
        send(line);
        return line().orElse(END);
    }

    /** The next line; empty at the end of the stream. */
    Optional<String> line() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (int i = 0; i < received.position(); i++) {
                if (received.get(i) == '\n') {
                    String line = new String(received.array(), 0, i, StandardCharsets.UTF_8);
                    received.limit(received.position()).position(i + 1);
                    received.compact();
                    return Optional.of(line);
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("no answer within " + PATIENCE.toSeconds() + " s");
            }
            selector.select(left);
            selector.selectedKeys().clear();
            if (channel.read(received) < 0) {
                return Optional.empty();
            }
        }
    }

    /** All lines until the end of the stream. */
    List<String> rest() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Optional<String> line = line(); line.isPresent(); line = line()) {
            lines.add(line.get());
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
