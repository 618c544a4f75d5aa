/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.listener.internal.loop.LastResort;
import org.peercred.listener.internal.socket.LibC;

/**
 * What the loops of an engine work with.
 *
 * @param libc the system calls
 * @param memory where buffers come from
 * @param budget how many bytes may be kept for connections
 * @param lastResort what is done when a loop's state is not known any more
 */
public record Resources(LibC libc, Memory memory, Budget budget, LastResort lastResort) {

    /**
     * What an engine in a container works with.
     *
     * @param libc the system calls
     * @return the heap's memory, a budget of its own, and a process that ends when nothing else is left to do
     */
    public static Resources of(LibC libc) {
        return new Resources(libc, Memory.HEAP, new Budget(), LastResort.HALT);
    }
}
