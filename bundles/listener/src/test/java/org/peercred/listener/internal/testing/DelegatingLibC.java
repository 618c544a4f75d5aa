/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import org.peercred.listener.internal.socket.LibC;

/** Hands every call on to the kernel, but for those that a test overrides. */
public abstract class DelegatingLibC implements LibC {

    protected final LibC kernel;

    protected DelegatingLibC(LibC kernel) {
        this.kernel = kernel;
    }

    @Override
    public int epoll_create1(int flags) {
        return kernel.epoll_create1(flags);
    }

    @Override
    public int epoll_ctl(int epoll, int operation, int descriptor, long event) {
        return kernel.epoll_ctl(epoll, operation, descriptor, event);
    }

    @Override
    public int epoll_wait(int epoll, long events, int maximum, int timeoutMillis) {
        return kernel.epoll_wait(epoll, events, maximum, timeoutMillis);
    }

    @Override
    public int eventfd(int initial, int flags) {
        return kernel.eventfd(initial, flags);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return kernel.socket(domain, type, protocol);
    }

    @Override
    public int bind(int socket, long address, int length) {
        return kernel.bind(socket, address, length);
    }

    @Override
    public int connect(int socket, long address, int length) {
        return kernel.connect(socket, address, length);
    }

    @Override
    public int getsockopt(int socket, int level, int option, long value, long length) {
        return kernel.getsockopt(socket, level, option, value, length);
    }

    @Override
    public int getsockname(int socket, long address, long length) {
        return kernel.getsockname(socket, address, length);
    }

    @Override
    public int accept4(int socket, long address, long length, int flags) {
        return kernel.accept4(socket, address, length, flags);
    }

    @Override
    public int listen(int socket, int backlog) {
        return kernel.listen(socket, backlog);
    }

    @Override
    public int shutdown(int socket, int how) {
        return kernel.shutdown(socket, how);
    }

    @Override
    public long read(int descriptor, long buffer, long length) {
        return kernel.read(descriptor, buffer, length);
    }

    @Override
    public long write(int descriptor, long buffer, long length) {
        return kernel.write(descriptor, buffer, length);
    }

    @Override
    public long recv(int socket, long buffer, long length, int flags) {
        return kernel.recv(socket, buffer, length, flags);
    }

    @Override
    public long send(int socket, long buffer, long length, int flags) {
        return kernel.send(socket, buffer, length, flags);
    }

    @Override
    public int close(int descriptor) {
        return kernel.close(descriptor);
    }

    @Override
    public int fcntl(int descriptor, int command, int argument) {
        return kernel.fcntl(descriptor, command, argument);
    }

    @Override
    public int fchmod(int descriptor, int mode) {
        return kernel.fchmod(descriptor, mode);
    }

    @Override
    public int open(String path, int flags, int mode) {
        return kernel.open(path, flags, mode);
    }

    @Override
    public int chmod(String path, int mode) {
        return kernel.chmod(path, mode);
    }

    @Override
    public int chown(String path, int owner, int group) {
        return kernel.chown(path, owner, group);
    }
}
