/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jnr.constants.platform.Errno;
import jnr.ffi.Runtime;

/** The kernel's files, on a disk that is full, breaks or hangs when a test says so. May be told by any thread. */
public final class FailingDisk implements FileCalls {

    private static final FileCalls KERNEL = FileCalls.load();

    public final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger countdown = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile boolean throwing;

    /** From now on so many bytes more can be written. */
    public void room(long bytes) {
        room.set(bytes);
    }

    /** Lets every write wait. */
    public void hang() {
        hanging = new CountDownLatch(1);
    }

    /** Lets writes go on. */
    public void answer() {
        hanging.countDown();
    }

    /** Lets the given one of all calls that follow fail, 0 for the next: with EIO, or by throwing. */
    void failAt(int which, boolean byThrowing) {
        throwing = byThrowing;
        countdown.set(which);
    }

    /** Lets nothing fail any more; true if something has. */
    boolean disarm() {
        return countdown.getAndSet(Integer.MAX_VALUE) < 0;
    }

    @Override
    public int open(long path, int flags, int mode) {
        return fails() ? -1 : KERNEL.open(path, flags, mode);
    }

    @Override
    public long write(int descriptor, long buffer, long length) {
        writes.incrementAndGet();
        try {
            if (!hanging.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (fails()) {
            return -1;
        }
        long most = Math.min(room.get(), length);
        if (most == 0) {
            return failed(Errno.ENOSPC);
        }
        long count = KERNEL.write(descriptor, buffer, most);
        room.addAndGet(-count);
        return count;
    }

    @Override
    public int fsync(int descriptor) {
        return KERNEL.fsync(descriptor);
    }

    @Override
    public int close(int descriptor) {
        return KERNEL.close(descriptor);
    }

    @Override
    public int geteuid() {
        return KERNEL.geteuid();
    }

    private boolean fails() {
        if (countdown.getAndDecrement() != 0) {
            return false;
        }
        if (throwing) {
            throw new OutOfMemoryError("injected");
        }
        return failed(Errno.EIO) < 0;
    }

    private static int failed(Errno errno) {
        Runtime.getSystemRuntime().setLastError(errno.intValue());
        return -1;
    }
}
