/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Output without colours: what begins with the character ESC and is for a terminal only is left out, the control sequences of ECMA-48
 * with their parameters and the strings of operating system commands included. All other bytes go on as they are. Safe to be used by
 * several threads: commands in the background print at any time.
 */
public final class PlainOutput extends FilterOutputStream {

    private static final int ESC = 0x1b;
    private static final int BEL = 0x07;
    private static final int CAN = 0x18;
    private static final int SUB = 0x1a;

    private enum State {
        TEXT,
        ESCAPE,
        INTERMEDIATE,
        SEQUENCE,
        STRING,
        STRING_ESCAPE
    }

    private State state = State.TEXT;
    private volatile boolean lineBegun;

    /** Writes to another stream. */
    public PlainOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int start = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (state == State.TEXT) {
                if (bytes[i] == ESC) {
                    text(bytes, start, i);
                    state = State.ESCAPE;
                }
            } else if (bytes[i] == '\n') {
                // what has no end must not swallow the lines of others
                state = State.TEXT;
                start = i;
            } else {
                state = next(bytes[i] & 0xff);
                start = i + 1;
            }
        }
        if (state == State.TEXT) {
            text(bytes, start, end);
        }
    }

    /** Whether something was written since the last line ended. Never waits. */
    public boolean isWithinLine() {
        return lineBegun;
    }

    /**
     * Writes a line that stands alone, whatever others have begun to write and not ended.
     *
     * @param line without its end
     */
    public synchronized void writeLine(byte[] line) throws IOException {
        state = State.TEXT;
        if (lineBegun) {
            write('\n');
        }
        write(line, 0, line.length);
        write('\n');
    }

    private void text(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            out.write(bytes, from, to - from);
            lineBegun = bytes[to - 1] != '\n';
        }
    }

    private State next(int value) {
        if (value == CAN || value == SUB) {
            return State.TEXT;
        }
        return switch (state) {
            case ESCAPE -> afterEscape(value);
            case INTERMEDIATE -> value >= 0x20 && value <= 0x2f ? State.INTERMEDIATE : State.TEXT;
            case SEQUENCE -> value >= 0x40 && value <= 0x7e ? State.TEXT : State.SEQUENCE;
            case STRING ->
                switch (value) {
                    case BEL -> State.TEXT;
                    case ESC -> State.STRING_ESCAPE;
                    default -> State.STRING;
                };
            case STRING_ESCAPE -> value == '\\' ? State.TEXT : State.STRING;
            case TEXT -> State.TEXT;
        };
    }

    private static State afterEscape(int value) {
        return switch (value) {
            case '[' -> State.SEQUENCE;
            case ']', 'P', 'X', '^', '_' -> State.STRING;
            case ESC -> State.ESCAPE;
            default -> value >= 0x20 && value <= 0x2f ? State.INTERMEDIATE : State.TEXT;
        };
    }
}
