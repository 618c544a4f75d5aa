/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.line;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Optional;

/** Cuts lines that end in {@code \n} or {@code \r\n}. What has no end is none: it may be half a command. For one thread. */
public final class LineInput {

    /** The longest line, in bytes. */
    public static final int LONGEST = 65536;

    private final InputStream in;
    private final Charset charset;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;

    /** What cannot be a line; its message says why, to the client. */
    public static final class BadLineException extends Exception {

        private static final long serialVersionUID = 1;
        private final boolean last;

        BadLineException(String message, boolean last) {
            super(message);
            this.last = last;
        }

        /** Whether no line can follow. */
        public boolean isLast() {
            return last;
        }
    }

    /** Reads from a stream, in a character set. */
    public LineInput(InputStream in, Charset charset) {
        this.in = in;
        this.charset = charset;
    }

    /**
     * Waits for a line.
     *
     * @return the line without its end; empty at the end of the stream
     * @throws BadLineException if it is too long, not in the character set, holds control characters, or has no end
     */
    public Optional<String> next() throws IOException, BadLineException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int value = read(); value != '\n'; value = read()) {
            if (value < 0) {
                if (line.size() == 0) {
                    return Optional.empty();
                }
                throw new BadLineException("the line has no end", true);
            }
            if (line.size() == LONGEST) {
                throw new BadLineException("the line is too long", true);
            }
            line.write(value);
        }
        return Optional.of(text(line.toByteArray()));
    }

    private String text(byte[] bytes) throws BadLineException {
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        String text;
        try {
            text = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadLineException("the line is not in " + charset.name(), false);
        }
        if (text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new BadLineException("the line holds control characters", false);
        }
        return text;
    }

    private int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }
}
