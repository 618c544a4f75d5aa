/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.socket.LibC;

/**
 * What one connection has been answered and the kernel has not taken yet. Bytes leave in the order in which they came. Used on
 * the loop.
 */
public final class Unsent {

    /** MSG_NOSIGNAL: that the peer is gone is an error, not a SIGPIPE for the whole process. */
    static final int NO_SIGNAL = 0x4000;

    private final Connection connection;
    private final Worker worker;
    private ByteBuffer bytes;

    Unsent(Connection connection) {
        this.connection = connection;
        this.worker = connection.worker;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /**
     * How much there is.
     *
     * @return bytes
     */
    public int remaining() {
        return bytes == null ? 0 : bytes.remaining();
    }

    /**
     * Adds bytes behind what is there; with nothing there, they go out with the next {@link #flush}.
     *
     * @param more not to be changed afterwards
     */
    public void put(byte[] more) {
        connection.shard.touch(connection);
        if (bytes == null) {
            worker.replies.put(more);
        } else {
            replace(concat(bytes, more));
        }
    }

    /** Sends what the loop has collected, and keeps what the kernel does not take. Closes the connection if that fails. */
    public void flush() {
        assert connection.loop.isCurrent();
        if (!connection.isOpen()) {
            return;
        }
        try {
            connection.closeOn(sendCollected());
        } catch (Throwable e) {
            worker.discard("Connection " + connection.id() + " is closed after an internal error", e);
            connection.close("internal error");
        }
    }

    /** Whatever happens, nothing of what was collected is left to the next connection; 0 or the errno. */
    private int sendCollected() {
        ReplyBuffer replies = worker.replies;
        int size = replies.size();
        int done = 0;
        int errno = 0;
        try {
            while (done < size) {
                int chunk = Math.min(size - done, ReplyBuffer.WRITE_SIZE);
                long sent = worker.libc.send(connection.descriptor, replies.stage(done, chunk), chunk, NO_SIGNAL);
                errno = sent < 0 ? LibC.errno() : 0;
                done += (int) Math.max(0, sent);
                if (sent < chunk) {
                    replace(replies.copyFrom(done));
                    break;
                }
            }
        } finally {
            replies.clear();
        }
        replies.used(size);
        connection.traffic.sent(done);
        return errno;
    }

    /** Sends some of what was kept. Closes the connection if that fails. */
    void sendOn() {
        int chunk = Math.min(bytes.remaining(), ReplyBuffer.WRITE_SIZE);
        long sent = worker.libc.send(connection.descriptor, worker.replies.stage(bytes, chunk), chunk, NO_SIGNAL);
        if (sent < 0) {
            connection.closeOn(LibC.errno());
            return;
        }
        connection.traffic.sent(sent);
        connection.shard.touch(connection);
        bytes.position(bytes.position() + (int) sent);
        if (!bytes.hasRemaining()) {
            replace(null);
        }
    }

    /** All of it, and last words behind it; {@code null} if there are neither. */
    ByteBuffer rest(byte[] words) {
        if (words.length == 0) {
            return bytes;
        }
        return bytes == null ? ByteBuffer.wrap(words) : concat(bytes.duplicate(), words);
    }

    void discard() {
        replace(null);
    }

    private ByteBuffer concat(ByteBuffer first, byte[] second) {
        return ByteBuffer.wrap(worker.memory.bytes(first.remaining() + second.length))
                .put(first)
                .put(second)
                .flip();
    }

    private void replace(ByteBuffer other) {
        ByteBuffer before = bytes;
        bytes = other;
        connection.holding.keep((other == null ? 0L : other.capacity()) - (before == null ? 0L : before.capacity()));
    }
}
