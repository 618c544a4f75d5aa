/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.baselines;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * The JDK's own channels and selector, one thread. Its SO_PEERCRED gives principals and no pid; a principal of this kind is
 * equal to another when the uid is the same.
 */
public final class NioSelectorServer {
    private static final int BACKLOG = 4096;
    private static final int BATCH = 64;
    private static final int READ_SIZE = 65536;

    private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    private final Selector selector = Selector.open();
    private final Deque<Refused> refused = new ArrayDeque<>();
    private final UserPrincipal daemon;
    private final ByteBuffer in = ByteBuffer.allocateDirect(Wire.MAX_LINE + READ_SIZE);
    private final ByteBuffer out = ByteBuffer.allocateDirect(in.capacity() * Wire.GROWTH);

    private NioSelectorServer(UserPrincipal daemon) throws IOException {
        this.daemon = daemon;
    }

    /** What one connection leaves for its next turn; null where there is nothing. */
    private static final class Connection {
        private byte[] line;
        private ByteBuffer unsent;
        private boolean ending;
    }

    /**
     * Was told so and has yet to close its end. What it sends is read and forgotten for a while, since closing with input unread
     * would reset it. Reading after shutdownInput, which would need no waiting, is not possible with these channels.
     */
    private record Refused(SocketChannel channel, long until) {}

    /**
     * Serves until the process is ended.
     *
     * @param arguments the path of the socket
     * @throws IOException when the socket cannot be opened, or accepting fails
     */
    public static void main(String[] arguments) throws IOException {
        Path path = Wire.prepare(arguments);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Wire.openToAll(path);
            server.configureBlocking(false);
            new NioSelectorServer(Files.getOwner(path)).run(server);
        }
    }

    private void run(ServerSocketChannel server) throws IOException {
        server.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            selector.select(refused.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMillis(LINGER));
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    acceptBatch(server);
                } else {
                    turn(key);
                }
            }
            selector.selectedKeys().clear();
            closeRefused();
        }
    }

    private void acceptBatch(ServerSocketChannel server) throws IOException {
        for (int i = 0; i < BATCH; i++) {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            try {
                welcome(channel);
            } catch (IOException e) {
                channel.close();
            }
        }
    }

    private void welcome(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        if (!daemon.equals(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user())) {
            refuse(channel);
            return;
        }
        Connection connection = new Connection();
        int interest = serve(channel, connection);
        if (interest == 0) {
            channel.close();
        } else {
            channel.register(selector, interest, connection);
        }
    }

    private void refuse(SocketChannel channel) throws IOException {
        channel.write(Wire.denied());
        channel.shutdownOutput();
        Refused left = new Refused(channel, System.nanoTime() + LINGER);
        channel.register(selector, SelectionKey.OP_READ, left);
        refused.add(left);
    }

    private void closeRefused() throws IOException {
        long now = System.nanoTime();
        for (Refused first = refused.peek(); first != null; first = refused.peek()) {
            if (first.channel().isOpen() && first.until() - now > 0) {
                return;
            }
            first.channel().close();
            refused.remove();
        }
    }

    private void turn(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        int interest;
        try {
            if (key.attachment() instanceof Connection connection) {
                interest = connection.unsent == null ? serve(channel, connection) : flush(channel, connection);
            } else {
                interest = channel.read(in.clear()) < 0 ? 0 : SelectionKey.OP_READ;
            }
        } catch (IOException e) {
            interest = 0;
        }
        if (interest == 0) {
            channel.close();
        } else if (interest != key.interestOps()) {
            key.interestOps(interest);
        }
    }

    /** One read and the replies to it; returns what to wait for next, 0 where the connection is done with. */
    private int serve(SocketChannel channel, Connection connection) throws IOException {
        in.clear();
        if (connection.line != null) {
            in.put(connection.line);
        }
        int before = in.position();
        in.limit(before + READ_SIZE);
        int read = channel.read(in);
        if (read <= 0) {
            return read < 0 ? 0 : SelectionKey.OP_READ;
        }
        in.flip();
        out.clear();
        Wire.reply(in, out);
        connection.ending = in.remaining() > Wire.MAX_LINE;
        connection.line = null;
        if (connection.ending) {
            out.put(Wire.tooLong());
        } else if (in.hasRemaining()) {
            connection.line = new byte[in.remaining()];
            in.get(connection.line);
        }
        out.flip();
        if (out.hasRemaining()) {
            channel.write(out);
        }
        if (out.hasRemaining()) {
            connection.unsent = ByteBuffer.allocate(out.remaining()).put(out).flip();
            return SelectionKey.OP_WRITE;
        }
        return connection.ending ? 0 : SelectionKey.OP_READ;
    }

    private static int flush(SocketChannel channel, Connection connection) throws IOException {
        channel.write(connection.unsent);
        if (connection.unsent.hasRemaining()) {
            return SelectionKey.OP_WRITE;
        }
        connection.unsent = null;
        return connection.ending ? 0 : SelectionKey.OP_READ;
    }
}
