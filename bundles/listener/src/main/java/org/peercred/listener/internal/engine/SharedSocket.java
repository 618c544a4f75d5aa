/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.peercred.listener.internal.loop.Edges;
import org.peercred.listener.internal.loop.Source;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBlocks;
import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * A connection's descriptor as other threads than its loop use it: one system call at a time, under a lock that the connection's end
 * takes as well. So the descriptor is never used after it was closed, when its number may be another's. No foreign code is called under the
 * lock, and none of these calls waits for the client.
 */
public final class SharedSocket {

    /** What {@link #read} returns at the end of what the client sends. */
    public static final int END = -1;

    private static final int SHUT_WR = 1;

    /** The most that one system call moves: while it does, the connection cannot end. */
    private static final int MOST = 256 * 1024;

    /** From so many bytes on, a direct buffer is sent from where it is; fewer are copied, to be sent together with others. */
    private static final int LARGE = 16 * 1024;

    private final int descriptor;
    private final LibC libc;
    private final NativeBlocks blocks;
    private final Traffic traffic;
    private final Edges edges;
    private volatile boolean sealed;
    private boolean outputShut;
    /** Whether the last bytes were not all taken, so that the loop is to be told of room. */
    private boolean wantsRoom;
    /** Whether the loop is told of input; else somebody looks for it. */
    private boolean toldOfInput = true;

    SharedSocket(Worker worker, Source source, Traffic traffic) {
        this.descriptor = source.descriptor;
        this.edges = source.loop.sources.edges(source);
        this.libc = worker.libc;
        this.blocks = worker.blocks;
        this.traffic = traffic;
    }

    /** Lets nobody use the descriptor any more; waits for who does. Again, does nothing. */
    public synchronized void seal() {
        sealed = true;
    }

    /** Whether it may be used. */
    public boolean isOpen() {
        return !sealed;
    }

    /**
     * Reads what there is, in one call.
     *
     * @param bytes has room; the position is moved
     * @return how many bytes, 0 if there are none now, {@link #END} at the end
     * @throws IOException if the descriptor may not be used any more, or the kernel refuses; then the message is the errno's name
     */
    public int read(ByteBuffer bytes) throws IOException {
        long count = bytes.isDirect() ? readDirect(bytes) : readCopy(bytes);
        if (count > 0) {
            traffic.receivedElsewhere(count);
        }
        return count == 0 ? END : (int) Math.max(0, count);
    }

    /** How many bytes came, 0 at the end, less than 0 if there are none now. */
    private long readDirect(ByteBuffer bytes) throws IOException {
        long count = receive(NativeBuffer.address(bytes), bytes.remaining());
        if (count > 0) {
            bytes.position(bytes.position() + (int) count);
        }
        return count;
    }

    private long readCopy(ByteBuffer bytes) throws IOException {
        NativeBuffer block = blocks.take();
        try {
            int most = Math.min(bytes.remaining(), NativeBlocks.BYTES);
            long count = receive(block.address(), most);
            if (count > 0) {
                bytes.put(block.bytes().duplicate().position(0).limit((int) count));
            }
            return count;
        } finally {
            blocks.giveBack(block);
        }
    }

    private synchronized long receive(long address, int most) throws IOException {
        requireOpen();
        return checked(libc.recv(descriptor, address, Math.min(most, MOST), 0));
    }

    /**
     * Writes as much as the kernel takes.
     *
     * @param bytes one after the other; the positions are moved
     * @return how many bytes
     * @throws IOException as for {@link #read}
     */
    public long write(ByteBuffer... bytes) throws IOException {
        long all = 0;
        for (int next = skipEmpty(bytes, 0); next < bytes.length; next = skipEmpty(bytes, next)) {
            ByteBuffer first = bytes[next];
            boolean large = first.isDirect() && first.remaining() >= LARGE;
            int offered = large ? Math.min(first.remaining(), MOST) : gathered(bytes, next);
            long sent = large ? send(NativeBuffer.address(first), offered) : sendCopy(bytes, next, offered);
            advance(bytes, next, Math.max(0, sent));
            all += Math.max(0, sent);
            if (sent < offered) {
                break;
            }
        }
        traffic.sentElsewhere(all);
        return all;
    }

    /** How many bytes are sent together. */
    private static int gathered(ByteBuffer[] bytes, int from) {
        int sum = 0;
        for (int i = from; i < bytes.length && sum < NativeBlocks.BYTES; i++) {
            sum += Math.min(bytes[i].remaining(), NativeBlocks.BYTES - sum);
        }
        return sum;
    }

    private long sendCopy(ByteBuffer[] bytes, int from, int size) throws IOException {
        NativeBuffer block = blocks.take();
        try {
            ByteBuffer copy = block.bytes().duplicate();
            copy.clear().limit(size);
            for (int i = from; copy.hasRemaining(); i++) {
                ByteBuffer part = bytes[i].duplicate();
                part.limit(part.position() + Math.min(part.remaining(), copy.remaining()));
                copy.put(part);
            }
            return send(block.address(), size);
        } finally {
            blocks.giveBack(block);
        }
    }

    private synchronized long send(long address, int size) throws IOException {
        requireOpen();
        long sent = checked(libc.send(descriptor, address, size, Unsent.NO_SIGNAL));
        if (sent < size && !wantsRoom) {
            wantsRoom = true;
            tellEdges();
        }
        return sent;
    }

    /** There is room, as the loop was told. Nobody need tell it again until bytes are left once more. */
    public synchronized void roomCame() {
        if (wantsRoom && !sealed) {
            wantsRoom = false;
            tellEdges();
        }
    }

    /**
     * Whether the loop is to be told of input, as it is at first. What is there when it is asked for again, is told. Of the end of what the
     * client sends it is told in any case.
     */
    public synchronized void tellOfInput(boolean told) {
        if (toldOfInput != told && !sealed) {
            toldOfInput = told;
            tellEdges();
        }
    }

    /** The loop watches the descriptor, anew or again: from now on it can be told of something else than of input. */
    public synchronized void watched() {
        if ((wantsRoom || !toldOfInput) && !sealed) {
            tellEdges();
        }
    }

    private void tellEdges() {
        NativeBuffer block = blocks.take();
        try {
            edges.change(toldOfInput, wantsRoom, block);
        } finally {
            blocks.giveBack(block);
        }
    }

    private static int skipEmpty(ByteBuffer[] bytes, int from) {
        int next = from;
        while (next < bytes.length && !bytes[next].hasRemaining()) {
            next++;
        }
        return next;
    }

    private static void advance(ByteBuffer[] bytes, int from, long count) {
        long left = count;
        for (int i = from; left > 0; i++) {
            int part = (int) Math.min(left, bytes[i].remaining());
            bytes[i].position(bytes[i].position() + part);
            left -= part;
        }
    }

    /**
     * Tells the client that nothing more comes; again, does nothing.
     *
     * @throws IOException as for {@link #read}
     */
    public synchronized void shutdownOutput() throws IOException {
        requireOpen();
        if (!outputShut) {
            checked(libc.shutdown(descriptor, SHUT_WR));
            outputShut = true;
        }
    }

    private void requireOpen() throws IOException {
        if (sealed) {
            throw new SealedException();
        }
    }

    private static long checked(long result) throws IOException {
        if (result < 0) {
            int errno = LibC.errno();
            if (errno != Errors.EAGAIN && errno != Errors.EINTR) {
                throw new IOException(LibC.nameOf(errno));
            }
        }
        return result;
    }

    /** The connection has ended; nothing is broken. */
    public static final class SealedException extends IOException {

        private static final long serialVersionUID = 1L;

        SealedException() {
            super("The connection has ended.");
        }
    }
}
