/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a client begins with: SSH's version, or anything else.
 *
 * @param isSsh whether it begins with {@code SSH-}
 * @param input all that the client sends, what was looked at included
 */
record FirstBytes(boolean isSsh, InputStream input) {

    private static final byte[] VERSION = "SSH-".getBytes(StandardCharsets.US_ASCII);

    /** Waits for as many bytes as are needed to tell. */
    static FirstBytes of(InputStream input) throws IOException {
        byte[] first = new byte[VERSION.length];
        int count = 0;
        while (count < VERSION.length) {
            int value = input.read();
            if (value < 0) {
                break;
            }
            first[count++] = (byte) value;
            if (first[count - 1] != VERSION[count - 1]) {
                break;
            }
        }
        boolean isSsh = count == VERSION.length && first[count - 1] == VERSION[count - 1];
        return new FirstBytes(isSsh, new SequenceInputStream(new ByteArrayInputStream(first, 0, count), input));
    }
}
