/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.peercred.common.threads.Threads;

/**
 * Sends what is written soon, but not each piece by itself: the first at once, what follows it together after {@value
 * #INTERVAL_MILLIS} ms. A thread for that is there only while something flows. Safe to be used by several threads.
 */
public final class PacedOutput extends OutputStream {

    /** How long a byte waits for company at most, unless the client does not read. */
    static final long INTERVAL_MILLIS = 10;

    /** After so long without a byte the thread ends. */
    private static final long IDLE_MILLIS = 1000;

    private final OutputStream out;
    private final String name;
    private final long idleMillis;
    private long sentAt = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);
    private boolean unsent;
    private boolean hasThread;
    private boolean closed;

    /**
     * Writes to another stream.
     *
     * @param out collects what it is given until it is flushed
     * @param name the name of the thread
     */
    public PacedOutput(OutputStream out, String name) {
        this(out, name, IDLE_MILLIS);
    }

    /** With another time without a byte after which the thread ends. */
    PacedOutput(OutputStream out, String name, long idleMillis) {
        this.out = out;
        this.name = name;
        this.idleMillis = idleMillis;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        if (System.nanoTime() - sentAt >= TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS)) {
            send();
        } else if (!unsent) {
            // Once for all that is written until it is sent: the thread would not only wake up, but send early.
            haveSent();
            unsent = true;
        }
    }

    private void haveSent() {
        if (hasThread) {
            notifyAll();
        } else if (!closed) {
            Threads.daemon(this::sendNowAndThen, name).start();
            hasThread = true;
        }
    }

    /** Does nothing: what was written is sent soon anyway. */
    @Override
    public void flush() {}

    /** Sends what is left. The other stream stays open. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        notifyAll();
        send();
    }

    private void send() throws IOException {
        unsent = false;
        out.flush();
        sentAt = System.nanoTime();
    }

    private synchronized void sendNowAndThen() {
        try {
            while (awaitBytes()) {
                wait(INTERVAL_MILLIS);
                if (unsent) {
                    send();
                }
            }
        } catch (IOException e) {
            // Whoever writes next is told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            hasThread = false;
        }
    }

    /** Waits until there is something to send; false if there was nothing for long. */
    private boolean awaitBytes() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(idleMillis);
        while (!unsent) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (closed || left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
