/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.stream.Collectors;

/**
 * Text that others chose (process names, paths, names of users), made fit for a terminal: what would move the cursor, change
 * colours, turn the writing direction or break the line is shown as an escape.
 */
public final class TerminalText {

    private TerminalText() {}

    /**
     * Escapes a text.
     *
     * @param text any text
     * @return the text on one line; control, format, private, unassigned and lone surrogate characters and separators of lines
     *     and paragraphs as <code>&#92;uXXXX</code>
     */
    public static String safe(String text) {
        return text.codePoints().mapToObj(TerminalText::shown).collect(Collectors.joining());
    }

    /**
     * Whether a text is shown as it is.
     *
     * @param text any text
     * @return true if {@link #safe} changes nothing
     */
    public static boolean isSafe(String text) {
        return safe(text).equals(text);
    }

    private static String shown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> escape(codePoint);
            default -> Character.toString(codePoint);
        };
    }

    private static String escape(int codePoint) {
        return Character.toString(codePoint)
                .chars()
                .mapToObj(unit -> String.format("\\u%04x", unit))
                .collect(Collectors.joining());
    }
}
