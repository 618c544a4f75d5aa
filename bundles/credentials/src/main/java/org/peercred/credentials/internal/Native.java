/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Platform;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.peercred.common.linux.Errno;

/**
 * The C library, loaded, with the memory and the error numbers that go with it.
 *
 * @param libc its functions
 * @param runtime allocates memory and keeps each thread's latest error number
 */
record Native(LibC libc, Runtime runtime) {

    /**
     * Loads the C library.
     *
     * @return it
     * @throws LinkageError if jnr's own native part, or the C library, cannot be loaded
     */
    static Native load() {
        LibC libc = LibraryLoader.create(LibC.class)
                .failImmediately()
                .load(Platform.getNativePlatform().getStandardCLibraryName());
        // Loaded now: a process that has no descriptor left can load no class to say so.
        Errno.name(Errno.EMFILE);
        return new Native(libc, Runtime.getRuntime(libc));
    }

    /**
     * The error number of this thread's latest failed call.
     *
     * @return greater than 0
     */
    int errno() {
        return runtime.getLastError();
    }

    /**
     * Allocates native memory that lives as long as the object returned.
     *
     * @param bytes how many
     * @return zeroed memory
     */
    Pointer allocate(int bytes) {
        return Memory.allocateDirect(runtime, bytes, true);
    }
}
