/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import org.peercred.service.LastWords;

/** The bytes of last words. */
final class Words {

    static final byte[] NONE = {};

    private Words() {}

    /** A line of plain text; nothing for the empty string. */
    static byte[] plain(String text) {
        return text.isEmpty() ? NONE : (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A response of HTTP, after which the connection ends.
     *
     * @param cause why
     * @param text what a line of plain text would say
     */
    static byte[] http(LastWords.Cause cause, String text) {
        byte[] body = plain(text);
        String status = cause == LastWords.Cause.DENIED ? "403 Forbidden" : "503 Service Unavailable";
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Length: "
                        + body.length + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    /**
     * A service's own, or nothing if it fails: in its protocol, plain text could be taken for anything.
     *
     * @param failed told what the service threw
     */
    static byte[] of(LastWords own, LastWords.Cause cause, String text, Consumer<Throwable> failed) {
        try {
            return Objects.requireNonNull(own.lastWords(cause, text), "the service gave no last words");
        } catch (Throwable e) {
            failed.accept(e);
            return NONE;
        }
    }
}
