/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.socket.LibC;

/** What one connection has been answered and the kernel has not taken yet. Bytes leave in the order in which they came. */
final class Unsent {

    /** MSG_NOSIGNAL: that the peer is gone is an error, not a SIGPIPE for the whole process. */
    static final int NO_SIGNAL = 0x4000;

    private final Worker worker;
    private final int descriptor;
    private final Counters counters;
    private final Holding holding;
    private ByteBuffer bytes;

    Unsent(Worker worker, int descriptor, Counters counters, Holding holding) {
        this.worker = worker;
        this.descriptor = descriptor;
        this.counters = counters;
        this.holding = holding;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    int remaining() {
        return bytes == null ? 0 : bytes.remaining();
    }

    /** Adds bytes behind what is there; with nothing there, they go out with the next flush. */
    void put(byte[] more) {
        if (bytes == null) {
            worker.replies.put(more);
        } else {
            replace(concat(bytes, more));
        }
    }

    /**
     * Sends what the loop has collected, and keeps what the kernel does not take. Whatever happens, nothing of it is left to
     * the next connection.
     *
     * @return 0 or the errno
     */
    int flush() {
        ReplyBuffer replies = worker.replies;
        int size = replies.size();
        int done = 0;
        int errno = 0;
        try {
            while (done < size) {
                int chunk = Math.min(size - done, ReplyBuffer.WRITE_SIZE);
                long sent = worker.libc.send(descriptor, replies.stage(done, chunk), chunk, NO_SIGNAL);
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
        counters.sent(done);
        return errno;
    }

    /**
     * Sends some of what was kept.
     *
     * @return 0 or the errno
     */
    int sendOn() {
        int chunk = Math.min(bytes.remaining(), ReplyBuffer.WRITE_SIZE);
        long sent = worker.libc.send(descriptor, worker.replies.stage(bytes, chunk), chunk, NO_SIGNAL);
        int errno = sent < 0 ? LibC.errno() : 0;
        if (sent > 0) {
            counters.sent(sent);
            bytes.position(bytes.position() + (int) sent);
            if (!bytes.hasRemaining()) {
                replace(null);
            }
        }
        return errno;
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
        holding.keep((other == null ? 0L : other.capacity()) - (before == null ? 0L : before.capacity()));
    }
}
