/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import org.peercred.common.text.ForeignText;

/**
 * Builds the reply to one command: lines, and an end that none of them can be taken for. A line that reads {@code ok} or begins
 * with {@code error:} but for blanks around it is sent with one blank more, which a client takes off again. Used by one thread
 * at a time.
 */
final class ReplyText {

    /** The most that a reply may hold, in bytes. */
    static final int LONGEST = 16 * 1024 * 1024;

    /** The command said more than a reply may hold. */
    static final class TooLongException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("The reply is longer than " + LONGEST + " bytes.");
        }
    }

    /** Nobody waits for the reply any more. */
    static final class GoneException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        GoneException() {
            super(ErrorMessages.ENDED);
        }
    }

    /** So many bytes more, and it is said how many are kept. */
    private static final int REPORTED = 64 * 1024;

    private static final String OK = "ok";
    private static final String ERROR = "error:";
    private static final Pattern LIKE_AN_END = Pattern.compile("^ *(ok *$|error:)");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    private final LongPredicate keeping;
    private int reported;
    private boolean tooLong;

    /** A reply of a few KiB. */
    ReplyText() {
        this(size -> true);
    }

    /**
     * A reply that may be long.
     *
     * @param keeping told how many bytes are kept of it, now and then; false if nobody waits for it any more
     */
    ReplyText(LongPredicate keeping) {
        this.keeping = keeping;
    }

    /**
     * Adds lines.
     *
     * @param text one line, or several with line breaks of any kind between them
     * @throws TooLongException if the reply gets too long; it can then only be {@link #error ended} with that
     * @throws GoneException if nobody waits for it any more
     */
    void lines(String text) {
        if (text.isEmpty()) {
            add("");
        }
        text.lines().forEach(this::add);
    }

    /** Ends the reply well. */
    byte[] ok() {
        return tooLong ? error("") : end(OK);
    }

    /**
     * Ends the reply with a reason.
     *
     * @param reason a few words; what would break the line is taken out of them
     */
    byte[] error(String reason) {
        if (tooLong) {
            bytes.reset();
            return end(ERROR + " the reply is too long");
        }
        return end(ERROR + " " + ForeignText.replace(reason));
    }

    /** An answer that is nothing but a reason. */
    static byte[] onlyError(String reason) {
        return new ReplyText().error(reason);
    }

    private void add(String line) {
        byte[] encoded = line.getBytes(StandardCharsets.UTF_8);
        if (tooLong || encoded.length + 2 > LONGEST - bytes.size()) {
            tooLong = true;
            throw new TooLongException();
        }
        if (LIKE_AN_END.matcher(line).find()) {
            bytes.write(' ');
        }
        bytes.writeBytes(encoded);
        bytes.write('\n');
        if (bytes.size() - reported >= REPORTED) {
            reported = bytes.size();
            // It is twice there when it is ended.
            if (!keeping.test(2L * reported)) {
                bytes.reset();
                throw new GoneException();
            }
        }
    }

    private byte[] end(String lastLine) {
        bytes.writeBytes(lastLine.getBytes(StandardCharsets.UTF_8));
        bytes.write('\n');
        return bytes.toByteArray();
    }
}
