/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import org.apache.karaf.shell.api.console.Terminal;
import org.apache.karaf.shell.support.ansi.SimpleAnsi;

/**
 * The colours of a terminal.
 *
 * @param colours whether there are any; if not, texts stay as they are
 */
record Palette(boolean colours) {

    /** What a colour says. */
    enum Tone {
        /** All is well, or granted. */
        GOOD,
        /** Look here. */
        WARNING,
        /** Refused, or broken. */
        BAD,
        /** Nothing in particular. */
        PLAIN
    }

    /** The colours of a terminal; none where output goes anywhere else ({@code null}), as for a command over SSH. */
    static Palette of(Terminal terminal) {
        return new Palette(terminal != null && terminal.isAnsiSupported());
    }

    /** The sequence that begins a tone, {@code null} if there is none. */
    String begin(Tone tone) {
        if (!colours) {
            return null;
        }
        return switch (tone) {
            case GOOD -> SimpleAnsi.COLOR_GREEN;
            case WARNING -> SimpleAnsi.COLOR_YELLOW;
            case BAD -> SimpleAnsi.COLOR_RED;
            case PLAIN -> null;
        };
    }

    /** A text in a tone. */
    String paint(Tone tone, String text) {
        String begin = begin(tone);
        return begin == null ? text : begin + text + SimpleAnsi.COLOR_DEFAULT;
    }

    /** A text that stands out. */
    String bold(String text) {
        return colours ? SimpleAnsi.INTENSITY_BOLD + text + SimpleAnsi.INTENSITY_NORMAL : text;
    }
}
