/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.ByteArrayOutputStream;

/** What an echo server must answer, computed in the simplest possible way. */
public final class Echo {

    private Echo() {}

    public static byte[] of(byte[] stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(stream.length * 2);
        int start = 0;
        for (int i = 0; i < stream.length; i++) {
            if (stream[i] == '\n') {
                all.write('>');
                all.write(' ');
                all.write(stream, start, i + 1 - start);
                start = i + 1;
            }
        }
        return all.toByteArray();
    }
}
