/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import java.util.Set;
import org.peercred.access.Decision;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.ServiceConnection;
import org.peercred.listener.internal.engine.SharedSocket;
import org.peercred.service.ChannelConnection;

/**
 * A connection that its service reads and writes from threads of its own. What these find out and the loop has to act upon is left
 * here, and the loop is given a turn for it; readiness, which the loop finds out, is left here for them.
 *
 * <p>Each flag of readiness is cleared before the system call that it may save somebody from waiting for: what becomes ready during
 * the call is noted again, and nothing is lost.
 */
final class OpenChannel extends ServiceConnection implements ChannelConnection {

    private final Connection connection;
    private final SharedSocket socket;
    private final Runnable turn;
    private final Readiness readable = new Readiness();
    private final Readiness writable = new Readiness();
    private final BusyPolling polling;
    /** Whether there was nothing left when it was last read, so that it need not be tried again until it is readable. */
    private volatile boolean drained;
    /** Whether a read was refused for the audit's sake, and somebody waits to be told to try again. */
    private volatile boolean heldBack;

    private volatile boolean ended;
    private volatile String failure;

    OpenChannel(Connection connection, BusyPolling polling) {
        super(connection);
        this.polling = polling;
        this.connection = connection;
        this.socket = connection.share();
        this.turn = connection::again;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        if (bytes.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (!bytes.hasRemaining()) {
            return 0;
        }
        if (connection.waitsForAudit()) {
            heldBack = true;
            connection.loop.announce(turn);
            return 0;
        }
        try {
            return readOnce(bytes);
        } catch (SharedSocket.SealedException e) {
            throw e;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** One thread at a time, so that each knows what the one before it left. */
    private synchronized int readOnce(ByteBuffer bytes) throws IOException {
        if (drained && !readable.isNoted() && socket.isOpen()) {
            return 0;
        }
        drained = false;
        readable.takeBack();
        int count = socket.read(bytes);
        if (count == 0 && polling.pays() && mayPoll()) {
            count = poll(bytes);
        }
        if (count == 0) {
            socket.tellOfInput(true);
            polling.waits(System.nanoTime());
            drained = true;
        }
        return count;
    }

    private boolean mayPoll() {
        return connection.loop.maySpin() && !connection.loop.isCurrent();
    }

    /**
     * Looks again for a moment. What comes from now on until there is nothing once more, this thread finds itself: the loop need not be
     * woken for it. To the client, who may need this processor to go on, it gives way.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private int poll(ByteBuffer bytes) throws IOException {
        socket.tellOfInput(false);
        long start = System.nanoTime();
        do {
            Thread.yield();
            int count = socket.read(bytes);
            if (count != 0) {
                return count;
            }
        } while (System.nanoTime() - start < BusyPolling.NANOS);
        polling.lost();
        return 0;
    }

    @Override
    public long write(ByteBuffer... bytes) throws IOException {
        writable.takeBack();
        try {
            return socket.write(bytes);
        } catch (SharedSocket.SealedException e) {
            throw e;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SharedSocket.SealedException e) {
            throw e;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Has the loop close the connection. */
    private IOException broken(IOException cause) {
        socket.seal();
        failure = cause.getMessage();
        connection.loop.announce(turn);
        return new IOException("The connection is broken: " + cause.getMessage(), cause);
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            socket.seal();
            connection.loop.announce(turn);
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isReadable() {
        // Who stops reading before there was nothing left is told of no edge for the rest.
        return readable.isNoted() || !drained;
    }

    @Override
    public boolean isWritable() {
        return writable.isNoted();
    }

    @Override
    public Decision decide(String action) {
        return decideHere(Objects.requireNonNull(action));
    }

    @Override
    public Set<String> roles() {
        return rolesHere();
    }

    /** Notes it; whether that is news. Called on the loop. */
    boolean becomeReadable() {
        polling.came(System.nanoTime());
        return readable.note();
    }

    /** Notes it; whether that is news. Called on the loop. */
    boolean becomeWritable() {
        socket.roomCame();
        return writable.note();
    }

    /** The loop watches it from now on. Called on the loop. */
    void watched() {
        socket.watched();
    }

    /** Whether a read was refused that may be tried again now. Called on the loop. */
    boolean takeHeldBack() {
        boolean taken = heldBack;
        heldBack = false;
        if (taken) {
            // Whoever was refused waits to be told, be it said already.
            readable.takeBack();
        }
        return taken;
    }

    /** Whether the service is done with it. */
    boolean hasEnded() {
        return ended;
    }

    /** The errno's name for which it has to be closed; {@code null} if there is none. */
    String failure() {
        return failure;
    }

    /** Lets no thread use the descriptor any more. */
    void seal() {
        socket.seal();
    }
}
