/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.io.IOException;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBuffer;

/** Wakes a sleeping loop from other threads, through an eventfd(2). */
final class Wakeup extends Source {

    private static final int NONBLOCK_CLOEXEC = 0x80800;

    private final LibC libc;
    private final NativeBuffer one = new NativeBuffer(Long.BYTES);
    private final NativeBuffer counter = new NativeBuffer(Long.BYTES);
    private boolean closed;

    private Wakeup(EventLoop loop, LibC libc, int descriptor) {
        super(loop, descriptor);
        this.libc = libc;
        one.bytes().putLong(0, 1);
    }

    /** Closes the epoll set, if there is no eventfd for it. */
    static Wakeup open(EventLoop loop, LibC libc, Epoll epoll) throws IOException {
        int descriptor = libc.eventfd(0, NONBLOCK_CLOEXEC);
        if (descriptor < 0) {
            String errno = LibC.nameOf(LibC.errno());
            epoll.close();
            throw new IOException("eventfd failed: " + errno);
        }
        return new Wakeup(loop, libc, descriptor);
    }

    /** May be called by any thread, also when the loop has ended. */
    synchronized void signal() {
        if (!closed) {
            libc.write(descriptor, one.address(), Long.BYTES);
        }
    }

    @Override
    protected void ready(int events) {
        try {
            libc.read(descriptor, counter.address(), Long.BYTES);
        } catch (Throwable e) {
            // Closed like other sources that fail, it would let the loop sleep for ever; this way, it is told again.
            EventLoop.report("A wake-up of the event loop is left for later", e);
        }
    }

    @Override
    protected synchronized void abandon() {
        closed = true;
        loop.sources.close(this);
    }
}
