/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.peercred.common.linux.Errno;
import org.peercred.common.linux.Platform;
import org.peercred.common.linux.Platform.Processor;

/**
 * The system calls of the socket engine, with their C names. Integers and addresses only: such signatures are the cheapest
 * that jnr-ffi knows. Pointers and sizes are 64-bit.
 */
public interface LibC {

    /** Of open(2): not to follow a symbolic link. Its value is the processor's. */
    int O_NOFOLLOW = Platform.isOn(Processor.AARCH64) ? 0100000 : 0400000;

    /** Where the data is in {@code struct epoll_event}, in bytes: the kernel packs it on x86-64 only. */
    int EPOLL_DATA_OFFSET = Platform.isOn(Processor.X86_64) ? 4 : 8;

    /** epoll_create1(2). */
    int epoll_create1(int flags);

    /** epoll_ctl(2). */
    int epoll_ctl(int epoll, int operation, int descriptor, long event);

    /** epoll_wait(2). */
    int epoll_wait(int epoll, long events, int maximum, int timeoutMillis);

    /** eventfd(2). */
    int eventfd(int initial, int flags);

    /** socket(2). */
    int socket(int domain, int type, int protocol);

    /** bind(2). */
    int bind(int socket, long address, int length);

    /** connect(2). */
    int connect(int socket, long address, int length);

    /** getsockopt(2). */
    int getsockopt(int socket, int level, int option, long value, long length);

    /** getsockname(2). */
    int getsockname(int socket, long address, long length);

    /** accept4(2). */
    int accept4(int socket, long address, long length, int flags);

    /** listen(2). */
    int listen(int socket, int backlog);

    /** shutdown(2). */
    int shutdown(int socket, int how);

    /** read(2). */
    long read(int descriptor, long buffer, long length);

    /** write(2). */
    long write(int descriptor, long buffer, long length);

    /** recv(2). On a socket it does what read(2) does, and costs less: the kernel need not look at it as a file first. */
    long recv(int socket, long buffer, long length, int flags);

    /** send(2); instead of write(2) for the same reason. */
    long send(int socket, long buffer, long length, int flags);

    /** close(2). */
    int close(int descriptor);

    /** fcntl(2). */
    int fcntl(int descriptor, int command, int argument);

    /** fchmod(2). */
    int fchmod(int descriptor, int mode);

    /** open(2). */
    int open(String path, int flags, int mode);

    /** chmod(2). */
    int chmod(String path, int mode);

    /** chown(2). */
    int chown(String path, int owner, int group);

    /**
     * Loads the C library.
     *
     * @return the bound functions
     */
    static LibC load() {
        return LibraryLoader.create(LibC.class).load("c");
    }

    /**
     * The error of this thread's latest call.
     *
     * @return the errno
     */
    static int errno() {
        return Runtime.getSystemRuntime().getLastError();
    }

    /**
     * An error's name.
     *
     * @param errno the number
     * @return for instance {@code EMFILE}
     */
    static String nameOf(int errno) {
        return Errno.name(errno);
    }
}
