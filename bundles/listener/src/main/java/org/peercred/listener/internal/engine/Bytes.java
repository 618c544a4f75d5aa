/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts bytes together. */
final class Bytes {

    private Bytes() {}

    /**
     * What is left to send, and last words behind it.
     *
     * @param unsent may be {@code null}
     * @param lastWords text
     * @return a buffer ready to be read
     */
    static ByteBuffer concat(ByteBuffer unsent, String lastWords) {
        return concat(unsent, lastWords.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What is left to send, and more behind it.
     *
     * @param unsent may be {@code null}
     * @param more bytes
     * @return a buffer ready to be read
     */
    static ByteBuffer concat(ByteBuffer unsent, byte[] more) {
        if (unsent == null) {
            return ByteBuffer.wrap(more);
        }
        return ByteBuffer.allocate(unsent.remaining() + more.length)
                .put(unsent)
                .put(more)
                .flip();
    }
}
