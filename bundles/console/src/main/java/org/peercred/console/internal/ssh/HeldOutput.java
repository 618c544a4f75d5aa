/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what is shown before the first prompt and sends it together with that, so that a terminal starts at its own pace and not at that
 * of a client that does not read. Where it is more than a greeting, or takes longer, all goes through. Safe to be used by several threads.
 */
final class HeldOutput extends OutputStream {

    private static final int MOST = 8 * 1024;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OutputStream out;
    private final long begun = System.nanoTime();
    private ByteArrayOutputStream held = new ByteArrayOutputStream();
    private volatile boolean released;

    /** Writes to another stream, which stays open. */
    HeldOutput(OutputStream out) {
        this.out = out;
    }

    /** Keeps nothing more: what is written or flushed next takes along what is kept. Never waits. */
    void release() {
        released = true;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (held.size() == 0 && released) {
            out.write(bytes, offset, length);
            return;
        }
        held.write(bytes, offset, length);
        if (held.size() > MOST || System.nanoTime() - begun > MOST_NANOS) {
            released = true;
        }
        sendIfReleased();
    }

    @Override
    public synchronized void flush() throws IOException {
        sendIfReleased();
        out.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        released = true;
        flush();
    }

    private void sendIfReleased() throws IOException {
        if (released && held.size() > 0) {
            byte[] bytes = held.toByteArray();
            held = new ByteArrayOutputStream(0);
            out.write(bytes, 0, bytes.length);
        }
    }
}
