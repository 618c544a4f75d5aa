/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

/** Makes text that came from outside safe to show: it cannot end a line or its quotes, nor steer a terminal. */
public final class Printable {

    /** The most characters that are shown. */
    static final int LONGEST = 512;

    private Printable() {}

    /**
     * The text with everything that is not plainly visible written as in Java, quotes and backslashes included, cut where it is
     * long.
     *
     * @param text any text
     * @return safe text
     */
    public static String of(String text) {
        int length = Math.min(text.length(), LONGEST);
        StringBuilder safe = new StringBuilder(length + 16);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                safe.append('\\').append(c);
            } else if (isHarmless(c)) {
                safe.append(c);
            } else {
                safe.append(String.format("\\u%04x", (int) c));
            }
        }
        if (text.length() > LONGEST) {
            safe.append('\u2026');
        }
        return safe.toString();
    }

    private static boolean isHarmless(char c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE
                && type != Character.PRIVATE_USE
                && type != Character.UNASSIGNED;
    }
}
