/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.peercred.common.linux.Errno;

/**
 * A listening, non-blocking socket with an abstract name, see
 * <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>: there is no file, so nothing is left behind, and no permissions
 * either, so that whoever is in the network namespace can connect. The name is free again once the descriptor is closed.
 */
public final class AbstractSocket implements OpenSocket {

    private static final int AF_UNIX = 1;
    private static final int STREAM_NONBLOCK_CLOEXEC = 1 | 0x80800;

    private final LibC libc;
    private final int descriptor;
    private final String name;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private AbstractSocket(LibC libc, int descriptor, String name) {
        this.libc = libc;
        this.descriptor = descriptor;
        this.name = name;
    }

    /**
     * Binds and listens.
     *
     * @param libc the system calls
     * @param name {@code @} and 1 to 107 bytes of printable ASCII
     * @param backlog for listen(2)
     * @return the socket
     * @throws SocketPathException if somebody else has the name, or the kernel refuses; nothing is left behind
     */
    public static AbstractSocket bind(LibC libc, String name, int backlog) throws SocketPathException {
        int descriptor = socket(libc);
        try {
            int errno = new UnixAddress(name).bind(libc, descriptor);
            if (errno == Errno.EADDRINUSE) {
                throw held(libc, name);
            }
            if (errno != 0) {
                throw new SocketPathException(name + " cannot be bound: " + Errno.name(errno));
            }
            if (libc.listen(descriptor, backlog) != 0) {
                throw new SocketPathException(name + " cannot be listened on: " + Errno.name(LibC.errno()));
            }
            return new AbstractSocket(libc, descriptor, name);
        } catch (SocketPathException | RuntimeException | Error e) {
            libc.close(descriptor);
            throw e;
        }
    }

    private static int socket(LibC libc) throws SocketPathException {
        int descriptor = libc.socket(AF_UNIX, STREAM_NONBLOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new SocketPathException("no socket can be opened: " + Errno.name(LibC.errno()));
        }
        return descriptor;
    }

    /** Who has the name, which only one that listens tells. */
    private static SocketPathException held(LibC libc, String name) throws SocketPathException {
        int client = socket(libc);
        try {
            Optional<SocketHolder> holder = new UnixAddress(name).connect(libc, client) == 0
                    ? SocketHolder.behind(libc, client)
                    : Optional.empty();
            return holder.isPresent()
                    ? new HeldPathException(name, holder.get())
                    : new SocketPathException("another socket has the name " + name);
        } finally {
            libc.close(client);
        }
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public String place() {
        return name;
    }

    @Override
    public boolean isFor(String wanted) {
        return name.equals(wanted);
    }

    @Override
    public boolean isInPlace() {
        return open.get();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void apply(Access access) {
        // There is no file whose owner or mode it could be.
    }

    @Override
    public void backlog(int backlog) {
        libc.listen(descriptor, backlog);
    }

    /** The name goes with the descriptor. */
    @Override
    public void unlink() {
        // Who waits in the kernel's queue is turned away when it is closed.
    }

    @Override
    public void close() {
        if (open.getAndSet(false)) {
            libc.close(descriptor);
        }
    }
}
