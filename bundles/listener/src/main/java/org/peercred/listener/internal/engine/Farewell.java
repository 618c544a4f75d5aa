/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.socket.LibC;

/**
 * A connection that gets its last bytes and a clean end of stream. Closing a socket whose input was not read would give the
 * client an error instead of our words, so writing is shut down first and what still comes in is read and dropped, until the
 * client closes too or the time is up.
 */
final class Farewell extends Holding.Debtor {

    private static final int SHUT_WR = 1;
    /** Chunks to send before others have their turn. */
    private static final int BURST = 16;
    /** What a client may go on sending, in bytes, before it is cut off without a clean end. */
    private static final long MOST_DROPPED = 8L << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Worker worker;
    private final boolean waitForPeer;
    private ByteBuffer unsent;
    /** Whether the client cannot get a byte any more. */
    private boolean unheard;

    private long dropped;

    /**
     * Prepares the end of a connection that was served.
     *
     * @param connection what it takes of what all share is kept until the end
     * @param unsent the last bytes, with position and limit set; {@code null} if there are none
     * @param waitForPeer whether to keep the descriptor until the client closes too
     */
    Farewell(Connection connection, ByteBuffer unsent, boolean waitForPeer) {
        super(connection.loop, connection.descriptor, connection.holding.lane(), connection.holding);
        this.worker = connection.worker;
        this.unsent = unsent == null ? NOTHING : unsent;
        this.waitForPeer = waitForPeer;
    }

    /**
     * Prepares the end of a connection that was turned away.
     *
     * @param worker where it will be
     * @param descriptor the socket
     * @param words the last bytes
     */
    Farewell(Worker worker, int descriptor, byte[] words) {
        super(worker.loop, descriptor, worker.strangers, null);
        this.worker = worker;
        this.unsent = ByteBuffer.wrap(words);
        this.waitForPeer = true;
    }

    /** Sends what can be sent at once. The source is already in the loop, perhaps without any interest. */
    void begin() {
        if (holding != null) {
            holding.keep(unsent.capacity());
        }
        boolean sent = send();
        if (sent && (mayClose() || worker.farewells.full())) {
            drain();
            abandon();
            return;
        }
        worker.farewells.add(this);
        if (!loop.sources.watch(this, sent ? Epoll.IN : Epoll.OUT)) {
            abandon();
        }
    }

    /** Whether there are bytes that the client has not got yet. */
    boolean owes() {
        return unsent != null;
    }

    @Override
    protected void ready(int events) {
        if (unsent != null) {
            int before = unsent.remaining();
            boolean sent = send();
            if (sent || unsent.remaining() < before) {
                worker.farewells.touch(this);
            }
            if (!sent) {
                return;
            }
            if (mayClose()) {
                drain();
                abandon();
                return;
            }
            loop.sources.watch(this, Epoll.IN);
        }
        if (drain()) {
            abandon();
        }
    }

    @Override
    protected void abandon() {
        worker.farewells.remove(this);
        loop.sources.close(this);
        if (holding != null) {
            holding.release();
        }
    }

    @Override
    void endOverBudget() {
        abandon();
    }

    private boolean mayClose() {
        return !waitForPeer || unheard;
    }

    /** Sends on; true when all is sent and writing is shut down, or the client is gone. */
    private boolean send() {
        for (int i = 0; unsent.hasRemaining(); i++) {
            if (i == BURST) {
                return false;
            }
            int chunk = Math.min(unsent.remaining(), ReadBuffer.CAPACITY);
            long sent = worker.libc.send(descriptor, worker.replies.stage(unsent, chunk), chunk, Unsent.NO_SIGNAL);
            if (sent < 0) {
                int errno = LibC.errno();
                if (errno == Errors.EAGAIN || errno == Errors.EINTR) {
                    return false;
                }
                unheard = errno == Errors.EPIPE;
                unsent.position(unsent.limit());
            } else {
                unsent.position(unsent.position() + (int) sent);
            }
        }
        if (holding != null) {
            holding.keep(-unsent.capacity());
        }
        unsent = null;
        worker.libc.shutdown(descriptor, SHUT_WR);
        return true;
    }

    /** Drops some of what came in; true when the client has closed its side too, or has sent too much. */
    private boolean drain() {
        long count = worker.libc.recv(descriptor, worker.input.address(), ReadBuffer.CAPACITY, 0);
        if (count > 0) {
            dropped += count;
            return dropped > MOST_DROPPED;
        }
        return count == 0 || (count < 0 && LibC.errno() != Errors.EAGAIN && LibC.errno() != Errors.EINTR);
    }
}
