/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;

/** Takes the lines that a {@link LineInput} finds. */
interface LineTaker {

    /**
     * Takes one line.
     *
     * @param line the bytes without the line end, from position to limit; valid during the call only
     * @return whether the next one may follow; if not, it is kept
     */
    boolean take(ByteBuffer line);

    /** Whether it takes several lines at once. */
    boolean takesBatches();

    /**
     * Takes lines, at least one.
     *
     * @param lines whole lines with their ends, from position to limit; the position is moved behind those taken. Valid during
     *     the call only
     * @return whether the next ones may follow; if not, they are kept
     */
    boolean takeBatch(ByteBuffer lines);
}
