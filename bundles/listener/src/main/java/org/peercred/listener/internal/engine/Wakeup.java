/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBuffer;

/** Wakes a sleeping loop from other threads, through an eventfd(2). */
final class Wakeup extends Source {

    private final LibC libc;
    private final NativeBuffer one = new NativeBuffer(Long.BYTES);
    private final NativeBuffer counter = new NativeBuffer(Long.BYTES);
    private boolean closed;

    Wakeup(EventLoop loop, int descriptor) {
        super(loop, descriptor);
        libc = loop.libc;
        one.bytes().putLong(0, 1);
    }

    /** May be called by any thread, also when the loop has ended. */
    synchronized void signal() {
        if (!closed) {
            libc.write(descriptor, one.address(), Long.BYTES);
        }
    }

    @Override
    void ready(int events) {
        libc.read(descriptor, counter.address(), Long.BYTES);
    }

    @Override
    synchronized void abandon() {
        closed = true;
        loop.sources.close(this);
    }
}
