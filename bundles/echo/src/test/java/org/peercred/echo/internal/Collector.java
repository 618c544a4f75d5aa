/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.peercred.service.Replies;

/** Collects replies. */
final class Collector implements Replies {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    byte[] bytes() {
        return bytes.toByteArray();
    }

    @Override
    public Replies put(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            bytes.write(buffer.get());
        }
        return this;
    }

    @Override
    public Replies put(byte[] array) {
        bytes.writeBytes(array);
        return this;
    }

    @Override
    public Replies put(byte value) {
        bytes.write(value);
        return this;
    }

    @Override
    public int putLines(byte[] prefix, ByteBuffer lines) {
        int count = 0;
        while (lines.hasRemaining()) {
            bytes.writeBytes(prefix);
            byte value;
            do {
                value = lines.get();
                bytes.write(value);
            } while (value != '\n');
            count++;
        }
        return count;
    }

    @Override
    public Deferred defer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void end() {
        throw new UnsupportedOperationException();
    }
}
