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

    private final EventLoop loop;
    private final int descriptor;
    private final Counters counters;
    private ByteBuffer bytes;

    Unsent(EventLoop loop, int descriptor, Counters counters) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.counters = counters;
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
            loop.replies.put(more);
        } else {
            bytes = Bytes.concat(bytes, more);
        }
    }

    /**
     * Sends what the loop has collected, and keeps what the kernel does not take.
     *
     * @return 0 or the errno
     */
    int flush() {
        ReplyBuffer replies = loop.replies;
        int size = replies.size();
        int done = 0;
        int errno = 0;
        while (done < size) {
            int chunk = Math.min(size - done, ReplyBuffer.WRITE_SIZE);
            long sent = loop.libc.send(descriptor, replies.stage(done, chunk), chunk, NO_SIGNAL);
            errno = sent < 0 ? LibC.errno() : 0;
            done += (int) Math.max(0, sent);
            if (sent < chunk) {
                bytes = replies.copyFrom(done);
                break;
            }
        }
        counters.sent(done);
        replies.clear();
        return errno;
    }

    /**
     * Sends some of what was kept.
     *
     * @return 0 or the errno
     */
    int sendOn() {
        int chunk = Math.min(bytes.remaining(), ReplyBuffer.WRITE_SIZE);
        long sent = loop.libc.send(descriptor, loop.replies.stage(bytes, chunk), chunk, NO_SIGNAL);
        int errno = sent < 0 ? LibC.errno() : 0;
        if (sent > 0) {
            counters.sent(sent);
            bytes.position(bytes.position() + (int) sent);
            if (!bytes.hasRemaining()) {
                bytes = null;
            }
        }
        return errno;
    }

    /** All of it, and last words behind it. */
    ByteBuffer rest(String lastWords) {
        return Bytes.concat(bytes, lastWords);
    }

    void discard() {
        bytes = null;
    }
}
