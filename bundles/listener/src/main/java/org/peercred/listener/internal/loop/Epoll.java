/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.io.IOException;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBuffer;

/**
 * One epoll set (<a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>), level-triggered but for who
 * asks for edges. Used by one thread, but for what says so.
 */
public final class Epoll {

    /** There is something to read. */
    public static final int IN = 0x1;

    /** There is room to write. */
    public static final int OUT = 0x4;

    /** Reported whether asked for or not; asked for alone, it means to hear of nothing but the end. */
    public static final int ERROR = 0x8;

    /** Both sides have ended; as {@link #ERROR} in all else. */
    public static final int HANG_UP = 0x10;

    /** The peer sends no more. */
    public static final int READ_HANG_UP = 0x2000;

    /** To be told once of each change, instead of as long as it lasts. */
    public static final int EDGE_TRIGGERED = 1 << 31;

    private static final int CLOEXEC = 0x80000;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int BATCH = 512;
    private static final int DATA_OFFSET = LibC.EPOLL_DATA_OFFSET;

    private static final int EVENT_SIZE = DATA_OFFSET + 8;

    private final LibC libc;
    private final int descriptor;
    private final NativeBuffer events = new NativeBuffer(BATCH * EVENT_SIZE);
    private final NativeBuffer request = new NativeBuffer(EVENT_SIZE);

    Epoll(LibC libc) throws IOException {
        this.libc = libc;
        descriptor = libc.epoll_create1(CLOEXEC);
        if (descriptor < 0) {
            throw new IOException("epoll_create1 failed: " + LibC.nameOf(LibC.errno()));
        }
    }

    boolean add(int fd, int interest, long data) {
        return control(ADD, fd, interest, data);
    }

    boolean modify(int fd, int interest, long data) {
        return control(MODIFY, fd, interest, data);
    }

    /** May be called by any thread that may use the descriptor. */
    boolean modify(int fd, int interest, long data, NativeBuffer event) {
        return control(MODIFY, fd, interest, data, event);
    }

    void remove(int fd) {
        control(DELETE, fd, 0, 0);
    }

    /**
     * Waits.
     *
     * @param timeoutMillis -1 for ever, 0 not at all
     * @return how many events there are to be read, 0 also when a signal came first
     */
    int await(int timeoutMillis) {
        return Math.max(0, libc.epoll_wait(descriptor, events.address(), BATCH, timeoutMillis));
    }

    int events(int index) {
        return events.bytes().getInt(index * EVENT_SIZE);
    }

    long data(int index) {
        return events.bytes().getLong(index * EVENT_SIZE + DATA_OFFSET);
    }

    void close() {
        libc.close(descriptor);
    }

    private boolean control(int operation, int fd, int interest, long data) {
        return control(operation, fd, interest, data, request);
    }

    private boolean control(int operation, int fd, int interest, long data, NativeBuffer event) {
        event.bytes().putInt(0, interest).putLong(DATA_OFFSET, data);
        return libc.epoll_ctl(descriptor, operation, fd, event.address()) == 0;
    }
}
