/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import java.util.OptionalLong;

/** Numbers of users and groups: unsigned ones of 32 bits, carried as {@code long}. */
public final class Ids {

    /** The greatest id there is. */
    public static final long MAX = 0xFFFFFFFEL;

    /** {@code (uid_t) -1}, which is no id; to chown(2) it means that nothing is to be changed. */
    public static final long NONE = 0xFFFFFFFFL;

    /** What is expected where a number is none of an id. */
    public static final String RANGE = "ids go from 0 to " + MAX;

    private static final int MOST_DIGITS = 10;

    private Ids() {}

    /**
     * Whether a number can be an id.
     *
     * @param number any number
     * @return whether it is 0 to {@link #MAX}
     */
    public static boolean isId(long number) {
        return number >= 0 && number <= MAX;
    }

    /**
     * Whether a text is a number. What is one is an id, whatever a name service may call so.
     *
     * @param text any text
     * @return whether it consists of ASCII digits, at least one
     */
    public static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * Reads an id.
     *
     * @param text any text
     * @return 0 to {@link #MAX}; empty if it is no number, or a greater one
     */
    public static OptionalLong parse(String text) {
        if (!isNumber(text)) {
            return OptionalLong.empty();
        }
        String digits = text.replaceFirst("^0+(?=.)", "");
        long number = digits.length() > MOST_DIGITS ? NONE : Long.parseLong(digits);
        return isId(number) ? OptionalLong.of(number) : OptionalLong.empty();
    }
}
