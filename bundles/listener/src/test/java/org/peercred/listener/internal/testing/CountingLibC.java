/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.peercred.listener.internal.socket.LibC;

/** Hands every call on to the kernel, and counts. */
public final class CountingLibC extends DelegatingLibC {

    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong accepts = new AtomicLong();
    private final AtomicLong waits = new AtomicLong();
    private final List<Integer> interests = new CopyOnWriteArrayList<>();
    private final AtomicLong controls = new AtomicLong();
    private final AtomicLong wakeups = new AtomicLong();

    public CountingLibC(LibC kernel) {
        super(kernel);
    }

    public long reads() {
        return reads.get();
    }

    public long writes() {
        return writes.get();
    }

    public long accepts() {
        return accepts.get();
    }

    public long waits() {
        return waits.get();
    }

    /** What epoll sets were asked to tell of, in order. */
    public List<Integer> interests() {
        return interests;
    }

    /** How often an epoll set was changed. */
    public long controls() {
        return controls.get();
    }

    public long wakeups() {
        return wakeups.get();
    }

    @Override
    public int epoll_ctl(int epoll, int operation, int descriptor, long event) {
        controls.incrementAndGet();
        if (event != 0) {
            interests.add(Pointer.wrap(Runtime.getSystemRuntime(), event).getInt(0));
        }
        return kernel.epoll_ctl(epoll, operation, descriptor, event);
    }

    /** Only a loop's eventfd is written to in this way. */
    @Override
    public long write(int descriptor, long buffer, long length) {
        wakeups.incrementAndGet();
        return kernel.write(descriptor, buffer, length);
    }

    @Override
    public int epoll_wait(int epoll, long events, int maximum, int timeoutMillis) {
        waits.incrementAndGet();
        return kernel.epoll_wait(epoll, events, maximum, timeoutMillis);
    }

    @Override
    public int accept4(int socket, long address, long length, int flags) {
        accepts.incrementAndGet();
        return kernel.accept4(socket, address, length, flags);
    }

    @Override
    public long recv(int socket, long buffer, long length, int flags) {
        reads.incrementAndGet();
        return kernel.recv(socket, buffer, length, flags);
    }

    @Override
    public long send(int socket, long buffer, long length, int flags) {
        writes.incrementAndGet();
        return kernel.send(socket, buffer, length, flags);
    }
}
