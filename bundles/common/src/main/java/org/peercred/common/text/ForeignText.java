/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.text;

/**
 * Text that somebody else has chosen (a client, a service, the owner of a process), on its way to a log, a terminal or a file.
 * Left as they are: characters that can be seen, and blanks. Not so: control characters of both sets (C0 and C1, U+0080 to
 * U+009F: terminals obey U+009B), characters that turn the direction of writing, those of no width, ends of lines and
 * paragraphs, halves of surrogate pairs, and whatever Unicode has left to others or to the future.
 */
public final class ForeignText {

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final char CUT = '\u2026';

    private ForeignText() {}

    /**
     * A text that shows what is in it.
     *
     * @param text any text
     * @return the text on one line, with what cannot be seen as <code>&#92;uXXXX</code>
     */
    public static String escape(String text) {
        return isPlain(text) ? text : escaped(text, text.length(), false);
    }

    /**
     * A text to stand between quotes.
     *
     * @param text any text
     * @param longest how many characters are shown, 0 or more
     * @return the text on one line, with what cannot be seen as <code>&#92;uXXXX</code> and a backslash before quotes and
     *     backslashes; cut, and ending in {@code …}, if it is longer
     */
    public static String quotable(String text, int longest) {
        return escaped(text, Math.min(text.length(), longest), true);
    }

    /**
     * A text for people.
     *
     * @param text any text
     * @return the text on one line and without blanks around it, with a blank in place of each end of a line and each tab, and a
     *     question mark in place of what else cannot be seen
     */
    public static String replace(String text) {
        String line = text.strip().replaceAll("\\R|\\t", " ");
        if (isPlain(line)) {
            return line;
        }
        StringBuilder plain = new StringBuilder(line.length());
        line.codePoints().forEach(c -> plain.appendCodePoint(isVisible(c) ? c : '?'));
        return plain.toString();
    }

    /**
     * A text for people, not longer than they read.
     *
     * @param text any text
     * @param longest how many characters of it are shown, 0 or more
     * @return as {@link #replace(String)}; cut, and ending in {@code …}, if it is longer
     */
    public static String replace(String text, int longest) {
        return text.length() <= longest ? replace(text) : replace(text.substring(0, longest)) + CUT;
    }

    /**
     * Whether a text can be shown as it is.
     *
     * @param text any text
     * @return true if {@link #escape} changes nothing
     */
    public static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (!isVisible(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }

    private static String escaped(String text, int length, boolean quotes) {
        StringBuilder safe = new StringBuilder(length + 16);
        for (int i = 0; i < length; ) {
            int c = text.codePointAt(i);
            if (quotes && (c == '"' || c == '\\')) {
                safe.append('\\');
            }
            if (isVisible(c)) {
                safe.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    append(safe, unit);
                }
            }
            i += Character.charCount(c);
        }
        if (length < text.length()) {
            safe.append(CUT);
        }
        return safe.toString();
    }

    private static void append(StringBuilder safe, char unit) {
        safe.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            safe.append(HEX[unit >> shift & 0xf]);
        }
    }

    private static boolean isVisible(int c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> !isIgnorable(c);
        };
    }

    /** Letters and marks that are shown as nothing; the property Default_Ignorable_Code_Point of Unicode, which Java does not tell. */
    private static boolean isIgnorable(int c) {
        return c == 0x034f
                || c == 0x115f
                || c == 0x1160
                || c == 0x17b4
                || c == 0x17b5
                || (c >= 0x180b && c <= 0x180f)
                || c == 0x3164
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xffa0
                || (c >= 0xe0100 && c <= 0xe01ef);
    }
}
