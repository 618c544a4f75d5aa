/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.nio.ByteBuffer;
import org.peercred.service.BatchLineSession;
import org.peercred.service.Replies;

/** Answers as the echo service does: several lines at once where they come so. */
final class BatchEcho implements BatchLineSession {

    private static final byte[] PREFIX = {'>', ' '};

    @Override
    public void line(ByteBuffer line, Replies replies) {
        replies.put(PREFIX).put(line).put((byte) '\n');
    }

    @Override
    public int lines(ByteBuffer lines, Replies replies) {
        return replies.putLines(PREFIX, lines);
    }
}
