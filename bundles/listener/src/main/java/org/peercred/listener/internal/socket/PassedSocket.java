/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A socket that systemd made and handed over, as a listener has it: a duplicate, which shares the kernel's queue with the original. Closed,
 * it turns nobody away: who connects waits in that queue. Its file, its mode and its queue's length are systemd's.
 */
public final class PassedSocket implements OpenSocket {

    private final LibC libc;
    private final int descriptor;
    private final String path;
    private final String place;
    private final Runnable givenUp;
    private final AtomicBoolean taken = new AtomicBoolean(true);
    private final AtomicBoolean open = new AtomicBoolean(true);

    PassedSocket(LibC libc, int descriptor, String path, String place, Runnable givenUp) {
        this.libc = libc;
        this.descriptor = descriptor;
        this.path = path;
        this.place = place;
        this.givenUp = givenUp;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public boolean isFor(String wanted) {
        return path.equals(wanted);
    }

    /** Whether its file is where it was made cannot be told: the container may not see that directory. */
    @Override
    public boolean isInPlace() {
        return taken.get();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void apply(Access access) {
        // The socket unit says it.
    }

    @Override
    public void backlog(int backlog) {
        // The socket unit says it; and listen(2) would make this process the one that clients' SO_PEERCRED names.
    }

    @Override
    public void unlink() {
        if (taken.getAndSet(false)) {
            givenUp.run();
        }
    }

    @Override
    public void close() {
        unlink();
        if (open.getAndSet(false)) {
            libc.close(descriptor);
        }
    }
}
