/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import org.peercred.listener.internal.engine.Connection;

/** What the service of a stream has written and the loop has not taken yet, piece by piece. Guarded by the session. */
final class WrittenBytes {

    private static final class Chunk {

        private final byte[] bytes;
        private Chunk next;

        Chunk(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final Connection connection;
    private Chunk first;
    private Chunk last;
    private long size;

    WrittenBytes(Connection connection) {
        this.connection = connection;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Takes a piece, which is not to be changed afterwards. */
    void add(byte[] bytes) {
        Chunk chunk = new Chunk(bytes);
        if (first == null) {
            first = chunk;
        } else {
            last.next = chunk;
        }
        last = chunk;
        size += bytes.length;
        connection.keep(bytes.length);
    }

    /** Gives the oldest piece; {@code null} if there is none. */
    byte[] next() {
        if (first == null) {
            return null;
        }
        byte[] bytes = first.bytes;
        first = first.next;
        size -= bytes.length;
        connection.keep(-bytes.length);
        return bytes;
    }

    /** Gives all of it in one piece, however small the pieces were: the loop is not to copy what a client left waiting again for each. */
    byte[] all() {
        byte[] all = connection.worker.memory.bytes(Math.toIntExact(size));
        int at = 0;
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
            System.arraycopy(chunk.bytes, 0, all, at, chunk.bytes.length);
            at += chunk.bytes.length;
        }
        connection.keep(-discard());
        return all;
    }

    /** Forgets it all; how many bytes are kept no longer, for the caller to count. */
    long discard() {
        long discarded = size;
        first = null;
        last = null;
        size = 0;
        return discarded;
    }
}
