/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.line;

import java.nio.charset.StandardCharsets;
import org.peercred.console.internal.session.PlainOutput;
import org.peercred.service.LastWords;

/** Why a connection in line mode ends: as an error, alone on a line. */
record PlainLastWords(PlainOutput output) implements LastWords {

    @Override
    public byte[] lastWords(Cause cause, String text) {
        String reason = text.isEmpty() ? "the container stops" : text;
        return ((output.isWithinLine() ? "\n" : "") + "error: " + reason + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
