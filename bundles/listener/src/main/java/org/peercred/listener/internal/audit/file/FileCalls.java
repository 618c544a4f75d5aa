/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import jnr.ffi.LibraryLoader;

/** The system calls that write a log file, with their C names. */
public interface FileCalls {

    /** open(2); the path is the address of bytes that end in a zero, so that no character set is in between. */
    int open(long path, int flags, int mode);

    /** write(2). */
    long write(int descriptor, long buffer, long length);

    /** fsync(2). */
    int fsync(int descriptor);

    /** close(2). */
    int close(int descriptor);

    /** geteuid(2). */
    int geteuid();

    /**
     * Loads the C library.
     *
     * @return the bound functions
     */
    static FileCalls load() {
        return LibraryLoader.create(FileCalls.class).load("c");
    }
}
