/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * Sends packets, and waits while the client does not read; until last words are to be said: then nobody waits any longer, and what was
 * not sent is kept, since each packet can be understood only behind the one that was made before it. Safe to be used by any thread.
 */
final class PacketOutput {

    /** What the stream takes in one piece, in bytes: all of it or, when it throws, nothing. */
    private static final int PIECE = 64 * 1024;

    private static final String ENDED = "The connection has ended.";

    private enum State {
        OPEN,
        /** Nothing more is sent. */
        SILENT,
        /** Nothing more is sent, and what comes is kept, for the last words to follow it. */
        CUT,
        /** Nothing more is sent, and the last words are made. */
        LAST
    }

    private final OutputStream out;
    private final Object turn = new Object();
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream(0);
    private State state = State.OPEN;
    /** Who sends now; {@code null} if nobody does. */
    private Thread sender;

    private boolean interrupted;

    /** Sends to a stream, which stays open. */
    PacketOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Sends a packet.
     *
     * @param bytes holds it
     * @param from where it begins
     * @param to where it has ended
     * @throws IOException if the connection has ended
     */
    synchronized void send(byte[] bytes, int from, int to) throws IOException {
        int at = from;
        begin();
        try {
            while (at < to) {
                requireOpen();
                int count = Math.min(PIECE, to - at);
                out.write(bytes, at, count);
                at += count;
            }
        } catch (InterruptedIOException e) {
            // Whoever writes to the client is told of its end, and is interrupted only by those who mean that.
            throw wasInterrupted() ? new IOException(ENDED, e) : e;
        } finally {
            end(bytes, at, to);
        }
    }

    private void begin() {
        synchronized (turn) {
            sender = Thread.currentThread();
        }
    }

    private void requireOpen() throws IOException {
        synchronized (turn) {
            if (state != State.OPEN) {
                throw new IOException(ENDED);
            }
        }
    }

    private boolean wasInterrupted() {
        synchronized (turn) {
            return interrupted;
        }
    }

    /** It is the packet that was interrupted, and not what its thread does besides. */
    private void end(byte[] bytes, int from, int to) {
        synchronized (turn) {
            sender = null;
            if (interrupted) {
                Thread.interrupted();
                interrupted = false;
            }
            if (state == State.CUT) {
                unsent.write(bytes, from, to - from);
            }
        }
    }

    /** Lets nothing through any more. */
    void silence() {
        synchronized (turn) {
            if (state == State.OPEN) {
                state = State.SILENT;
            }
        }
    }

    /** Sends nothing more. Whoever waits for the client in the middle of a packet is to wait no longer. Never waits. */
    void cut() {
        synchronized (turn) {
            if (state == State.OPEN) {
                state = State.CUT;
                interrupted = sender != null;
                if (interrupted) {
                    sender.interrupt();
                }
            }
        }
    }

    /** Whether it is cut, or was. */
    boolean isCut() {
        synchronized (turn) {
            return state == State.CUT || state == State.LAST;
        }
    }

    /**
     * Lets nothing through any more.
     *
     * @return what was not sent since it was cut: the rest of a packet, and whole ones
     */
    byte[] takeUnsent() {
        synchronized (turn) {
            state = state == State.CUT ? State.LAST : State.SILENT;
            byte[] bytes = unsent.toByteArray();
            unsent.reset();
            return bytes;
        }
    }
}
