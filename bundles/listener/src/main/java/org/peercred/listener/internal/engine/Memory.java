/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

/**
 * Where the engine's buffers on the heap come from. One place, so that tests can let any allocation fail.
 */
@FunctionalInterface
public interface Memory {

    /** The heap itself. */
    Memory HEAP = byte[]::new;

    /**
     * Allocates.
     *
     * @param count bytes, 0 or greater
     * @return zeroed memory
     * @throws OutOfMemoryError if there is none
     */
    byte[] bytes(int count);
}
