/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Memory outside the heap that both Java and the kernel reach. Not thread-safe; freed when it becomes unreachable. */
public final class NativeBuffer {

    private final ByteBuffer bytes;
    private final long address;

    /**
     * Allocates zeroed memory.
     *
     * @param capacity bytes, 1 or greater
     */
    public NativeBuffer(int capacity) {
        bytes = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
        address = Pointer.wrap(Runtime.getSystemRuntime(), bytes).address();
    }

    /**
     * The memory as Java sees it.
     *
     * @return always the same buffer, in native byte order
     */
    public ByteBuffer bytes() {
        return bytes;
    }

    /**
     * The memory as the kernel sees it.
     *
     * @return the address of the first byte
     */
    public long address() {
        return address;
    }

    /**
     * Where a direct buffer has its next byte.
     *
     * @param direct any direct buffer; it must stay reachable while the address is used
     * @return the address of the byte at its position
     */
    public static long address(ByteBuffer direct) {
        ByteBuffer whole = direct.duplicate().clear();
        return Pointer.wrap(Runtime.getSystemRuntime(), whole).address() + direct.position();
    }

    /**
     * The size.
     *
     * @return bytes
     */
    public int capacity() {
        return bytes.capacity();
    }
}
