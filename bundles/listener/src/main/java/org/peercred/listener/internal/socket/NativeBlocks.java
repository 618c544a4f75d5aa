/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Blocks of native memory, lent to one call at a time. A block that is out when another thread wants it is replaced by a new one,
 * so nobody waits. Not thread locals: these would outlive the bundle in threads that are not its own. Safe to be used by any thread.
 */
public final class NativeBlocks {

    /** The size of a block, in bytes. */
    public static final int BYTES = 64 * 1024;

    /** As many as are kept; a power of two. */
    private static final int SLOTS = 16;

    private final AtomicReferenceArray<NativeBuffer> free = new AtomicReferenceArray<>(SLOTS);

    /**
     * Borrows a block.
     *
     * @return {@link #BYTES} bytes, whatever they hold
     */
    public NativeBuffer take() {
        NativeBuffer kept = free.getAndSet(slot(), null);
        return kept == null ? new NativeBuffer(BYTES) : kept;
    }

    /**
     * Gives a block back.
     *
     * @param block used by nobody any more
     */
    public void giveBack(NativeBuffer block) {
        free.set(slot(), block);
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }
}
