/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Sends packets, and waits while the client does not read. Each can be understood only behind the one that was made before it; so of one
 * whose thread is interrupted the rest is kept, and goes out with the next, or with the last words. Where that becomes too much, all of it
 * is forgotten, and nothing is sent any more, last words included. Safe to be used by any thread.
 */
final class PacketOutput {

    /** What the stream takes in one piece, in bytes: all of it or, when it throws, nothing. */
    private static final int PIECE = 64 * 1024;

    /** What is kept at most, in bytes: several packets. */
    private static final int MOST_KEPT = 1 << 20;

    private static final String ENDED = "The connection has ended.";

    private enum State {
        OPEN,
        /** Nothing more is sent. */
        SILENT,
        /** Nothing more is sent, and what comes is kept, for the last words to follow it. */
        CUT,
        /** Nothing more is sent, and the last words are made. */
        LAST,
        /** Nothing more is sent, and packets are missing: a client could understand nothing that comes behind. */
        LOST
    }

    private final OutputStream out;
    private final Object turn = new Object();
    private ByteArrayOutputStream unsent = new ByteArrayOutputStream(0);
    private State state = State.OPEN;
    /** Who sends now; {@code null} if nobody does. */
    private Thread sender;

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
            sendKept();
            for (int count; at < to; at += count) {
                count = sendPiece(bytes, at, to);
            }
        } finally {
            end(bytes, at, to);
        }
    }

    private void sendKept() throws IOException {
        byte[] kept = take();
        int at = 0;
        try {
            for (int count; at < kept.length; at += count) {
                count = sendPiece(kept, at, kept.length);
            }
        } finally {
            keep(kept, at, kept.length);
        }
    }

    private int sendPiece(byte[] bytes, int from, int to) throws IOException {
        requireOpen();
        int count = Math.min(PIECE, to - from);
        out.write(bytes, from, count);
        return count;
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

    private void end(byte[] bytes, int from, int to) {
        synchronized (turn) {
            sender = null;
            if (state == State.OPEN || state == State.CUT) {
                keep(bytes, from, to);
            }
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        synchronized (turn) {
            if (to - from > MOST_KEPT - unsent.size()) {
                unsent = new ByteArrayOutputStream(0);
                state = State.LOST;
            } else {
                unsent.write(bytes, from, to - from);
            }
        }
    }

    private byte[] take() {
        synchronized (turn) {
            byte[] bytes = unsent.toByteArray();
            unsent = new ByteArrayOutputStream(0);
            return bytes;
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

    /** Sends nothing more. Who is sending finds that out from the stream. */
    void cut() {
        synchronized (turn) {
            if (state == State.OPEN) {
                state = State.CUT;
            }
        }
    }

    /** Whether a thread is sending now. */
    boolean isSending(Thread thread) {
        synchronized (turn) {
            return sender == thread;
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
     * @return what was not sent: the rest of a packet, and whole ones; empty if that was too much to be kept
     */
    Optional<byte[]> takeUnsent() {
        synchronized (turn) {
            if (state == State.LOST) {
                return Optional.empty();
            }
            state = state == State.CUT ? State.LAST : State.SILENT;
            return Optional.of(take());
        }
    }
}
