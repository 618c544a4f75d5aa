/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Bytes from one thread to another, one way, as many as there are. Its reader waits, for a limited time. */
final class ByteQueue {

    private byte[] bytes = new byte[64];
    private int size;
    private int taken;
    private boolean ended;
    private boolean broken;

    synchronized void put(byte[] source, int offset, int length) {
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
        }
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
        notifyAll();
    }

    /** Nothing comes any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The connection is over: bytes that nobody read are gone. */
    synchronized void breakOff() {
        broken = true;
        notifyAll();
    }

    /** Everything that was ever put. */
    synchronized byte[] all() {
        return Arrays.copyOf(bytes, size);
    }

    /** What comes up to and with the next line end, which waits for it; empty if the end comes first. */
    synchronized Optional<byte[]> line() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        int from = taken;
        for (int i = from; ; i++) {
            while (i >= size) {
                if (ended || broken) {
                    return Optional.empty();
                }
                try {
                    await(deadline);
                } catch (InterruptedException e) {
                    throw Patience.interrupted(e);
                }
            }
            if (bytes[i] == '\n') {
                taken = i + 1;
                return Optional.of(Arrays.copyOfRange(bytes, from, taken));
            }
        }
    }

    private synchronized int take(byte[] target, int offset, int length) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (broken || taken == size) {
            if (broken) {
                throw new IOException("The connection has ended.");
            }
            if (ended) {
                return -1;
            }
            try {
                await(deadline);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("The connection has ended.");
            }
        }
        int count = Math.min(length, size - taken);
        System.arraycopy(bytes, taken, target, offset, count);
        taken += count;
        return count;
    }

    /** Waits for a change; the caller holds the lock, and looks again. */
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await(long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new AssertionError("Nothing came within " + Patience.SECONDS + " seconds.");
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
    }

    /** The reader's side. */
    InputStream input() {
        return new InputStream() {

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return length == 0 ? 0 : take(target, offset, length);
            }

            @Override
            public int available() {
                synchronized (ByteQueue.this) {
                    return broken ? 0 : size - taken;
                }
            }
        };
    }

    /** The writer's side. */
    OutputStream output() {
        return new OutputStream() {

            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                synchronized (ByteQueue.this) {
                    if (broken) {
                        throw new IOException("The connection has ended.");
                    }
                    put(source, offset, length);
                }
            }
        };
    }
}
