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
        byte[] words = lastWords.getBytes(StandardCharsets.UTF_8);
        if (unsent == null) {
            return ByteBuffer.wrap(words);
        }
        return ByteBuffer.allocate(unsent.remaining() + words.length)
                .put(unsent)
                .put(words)
                .flip();
    }
}
