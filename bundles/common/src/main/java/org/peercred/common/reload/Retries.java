/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.time.Duration;
import java.util.stream.LongStream;

/** How long to wait before something is tried once more: longer each time, up to a minute. Not thread-safe. */
final class Retries {

    private static final Duration[] WAITS =
            LongStream.of(1, 2, 4, 8, 16, 32, 60).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);

    private int made;

    /** Begins anew. */
    void reset() {
        made = 0;
    }

    /** The time until the next. */
    Duration next() {
        Duration wait = WAITS[made];
        made = Math.min(made + 1, WAITS.length - 1);
        return wait;
    }
}
