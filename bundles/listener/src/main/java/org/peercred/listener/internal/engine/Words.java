/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

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
