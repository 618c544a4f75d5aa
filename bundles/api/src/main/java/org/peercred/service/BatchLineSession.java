/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A session that can answer several lines at once. It is for services that do next to nothing for a line: they are spared a
 * call for each. {@link LineSession#line} is still called, for lines that did not come in one piece or had to wait.
 */
@ConsumerType
public interface BatchLineSession extends LineSession {

    /**
     * Answers lines: the first at least, and as many more as it likes. What it leaves is given to it again. A line whose answer
     * is {@link Replies#defer() deferred} or {@link Replies#end() ends} the connection must be the last one taken.
     *
     * <p>If it throws, nothing of what was put during this call is sent.
     *
     * @param lines whole lines, each with its {@code \n}, from position to limit; the position has to be moved behind the lines
     *     taken. Valid during the call only
     * @param replies takes the answers; valid during the call only
     * @return how many lines were taken
     */
    int lines(ByteBuffer lines, Replies replies);
}
