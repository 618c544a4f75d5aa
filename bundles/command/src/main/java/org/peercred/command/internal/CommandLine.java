/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line as a client typed it: {@code NAME arguments}, with blanks around either.
 *
 * @param name the first word, whatever it is made of; empty if there is none
 * @param arguments the rest
 */
record CommandLine(String name, String arguments) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final int LONGEST_SHOWN = 64;
    private static final char REPLACEMENT = '\uFFFD';

    /**
     * Reads a line.
     *
     * @param bytes from position to limit; the position is left where it is
     * @return empty if they are not UTF-8
     */
    static Optional<CommandLine> parse(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        // Faster by far than a decoder; only where something may have been replaced is it to be known whether it was.
        String line = new String(copy, StandardCharsets.UTF_8);
        if (line.indexOf(REPLACEMENT) >= 0 && !isUtf8(copy)) {
            return Optional.empty();
        }
        line = line.strip();
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return Optional.of(
                new CommandLine(line.substring(0, end), line.substring(end).strip()));
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether a text can be the name of a command at all. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The name in a form that cannot do harm where it is shown. */
    String shownName() {
        String cut = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) : name;
        StringBuilder shown = new StringBuilder(cut.length());
        cut.codePoints().forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }
}
