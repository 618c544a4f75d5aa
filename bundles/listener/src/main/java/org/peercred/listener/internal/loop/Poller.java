/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.io.IOException;
import org.peercred.listener.internal.socket.LibC;

/**
 * How a loop waits for events: where that pays, and it may, it polls for a moment; else it sleeps until there are some, until a deadline,
 * or until it is woken. Used on the loop; what may be called by other threads says so.
 */
final class Poller {

    private final EventLoop loop;
    private final Epoll epoll;
    private final Wakeup wakeup;
    private final Spin spin = new Spin();
    private volatile boolean adaptiveSpin;
    private volatile boolean sleeping;

    /** Closes the epoll set, if the kernel refuses an eventfd for it. */
    Poller(EventLoop loop, LibC libc, Epoll epoll) throws IOException {
        this.loop = loop;
        this.epoll = epoll;
        this.wakeup = Wakeup.open(loop, libc, epoll);
    }

    /** What wakes the loop, to be watched like any other source. */
    Source wakeup() {
        return wakeup;
    }

    /** May be called by any thread. */
    void spin(boolean adaptive) {
        adaptiveSpin = adaptive;
    }

    /** May be called by any thread. */
    boolean maySpin() {
        return adaptiveSpin;
    }

    /** Ends the sleep, if there is one. May be called by any thread. */
    void wake() {
        if (sleeping) {
            wakeup.signal();
        }
    }

    /** Ends the sleep, or the next one. May be called by any thread, also when the loop has ended. */
    void signal() {
        wakeup.signal();
    }

    /** How many events there are now, without waiting for any. */
    int look() {
        return epoll.await(0);
    }

    /** Waits for events; how many there are. */
    int await() {
        boolean spinning = adaptiveSpin;
        if (spinning && spin.pays()) {
            int count = poll();
            if (count >= 0) {
                return spin.noted(count, epoll);
            }
        }
        sleeping = true;
        int timeout = loop.sleepMillis();
        long before = spinning ? System.nanoTime() : 0;
        int count = epoll.await(timeout);
        sleeping = false;
        if (spinning) {
            spin.slept(System.nanoTime() - before);
            return spin.noted(count, epoll);
        }
        return count;
    }

    /** How many events came within a moment, 0 if a task did; -1 if neither. */
    private int poll() {
        long end = System.nanoTime() + Spin.NANOS;
        do {
            int count = epoll.await(0);
            if (count > 0 || loop.hasTasks()) {
                spin.won();
                return count;
            }
        } while (System.nanoTime() < end);
        spin.lost();
        return -1;
    }
}
