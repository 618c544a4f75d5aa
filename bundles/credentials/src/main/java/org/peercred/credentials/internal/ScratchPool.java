/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import jnr.ffi.Pointer;

/**
 * Small blocks of native memory, lent to one call at a time. A block that is out when another thread wants it is replaced
 * by a new one, so nobody waits. Not thread locals: these would outlive the bundle in threads that are not its own.
 */
final class ScratchPool {

    /** The size of a block: room for 126 groups and a length. */
    static final int BYTES = 512;

    /** A power of two. */
    private static final int SLOTS = 16;

    private final AtomicReferenceArray<Scratch> free = new AtomicReferenceArray<>(SLOTS);
    private final Native system;

    ScratchPool(Native system) {
        this.system = system;
    }

    Scratch take() {
        Scratch kept = free.getAndSet(slot(), null);
        return kept == null ? new Scratch(system.allocate(BYTES)) : kept;
    }

    void giveBack(Scratch block) {
        free.set(slot(), block);
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }

    /** One block. Its address is kept because asking the pointer each time would cost as much as the call. */
    static final class Scratch {
        final Pointer memory;
        final long address;

        Scratch(Pointer memory) {
            this.memory = memory;
            this.address = memory.address();
        }
    }
}
