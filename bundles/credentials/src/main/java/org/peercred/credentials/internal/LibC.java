/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

/**
 * The C library's functions that this bundle calls. All arguments are plain numbers, addresses included: such calls go
 * through generated machine code and allocate nothing.
 *
 * <p>Public because jnr-ffi implements it from a class loader of its own. Layouts are those of 64-bit Linux.
 */
public interface LibC {

    /** See <a href="https://man7.org/linux/man-pages/man2/getsockopt.2.html">getsockopt(2)</a>. */
    int getsockopt(int descriptor, int level, int option, long value, long length);

    /** See geteuid(2). */
    int geteuid();

    /** See close(2). */
    int close(int descriptor);

    /** See eventfd(2). */
    int eventfd(int initial, int flags);

    /** See poll(2). */
    int poll(long descriptors, long count, int timeoutMillis);

    /** See ioctl(2). */
    int ioctl(int descriptor, long request, long argument);

    /** See syscall(2): for calls that older C libraries have no function for. With a sixth argument, jnr's machine code crashes. */
    long syscall(long number, long first, long second, long third, long fourth);

    /** See openat(2). */
    int openat(int directory, long name, int flags);

    /** See readlinkat(2). */
    long readlinkat(int directory, long name, long target, long size);

    /** See pread(2). */
    long pread(int descriptor, long target, long size, long offset);

    /** See fstatfs(2). */
    int fstatfs(int descriptor, long target);

    /** See getpwnam_r(3). Returns an error number, not -1. */
    int getpwnam_r(long name, long passwd, long buffer, long size, long result);

    /** See getgrouplist(3). Returns -1, with the number that is needed, where there is no room. */
    int getgrouplist(long user, int group, long groups, long count);

    /** See getpwuid_r(3). Returns an error number, not -1. */
    int getpwuid_r(int uid, long passwd, long buffer, long size, long result);

    /** See getgrnam_r(3). Returns an error number, not -1. */
    int getgrnam_r(long name, long group, long buffer, long size, long result);

    /** See getgrgid_r(3). Returns an error number, not -1. */
    int getgrgid_r(int gid, long group, long buffer, long size, long result);
}
