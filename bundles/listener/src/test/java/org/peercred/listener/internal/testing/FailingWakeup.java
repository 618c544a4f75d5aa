/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;

/** Lets one call fail that wakes a loop, for want of memory. For one loop: only while it sleeps, it has to be woken. */
public final class FailingWakeup extends DelegatingLibC {

    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile boolean asleep;

    public FailingWakeup() {
        super(Server.LIBC);
    }

    /** Waits until the loop sleeps; the next call that wakes it throws an {@link OutOfMemoryError} with the message "injected". */
    public void failNext() {
        Awaitility.await().until(() -> asleep);
        failing.set(true);
    }

    @Override
    public int epoll_wait(int epoll, long events, int maximum, int timeoutMillis) {
        asleep = timeoutMillis != 0;
        try {
            return super.epoll_wait(epoll, events, maximum, timeoutMillis);
        } finally {
            asleep = false;
        }
    }

    @Override
    public long write(int descriptor, long bytes, long count) {
        if (failing.getAndSet(false)) {
            throw new OutOfMemoryError("injected");
        }
        return super.write(descriptor, bytes, count);
    }
}
