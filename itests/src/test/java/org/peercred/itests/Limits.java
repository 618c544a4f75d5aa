/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.concurrent.TimeUnit;
import org.junit.rules.Timeout;

/** How long a test may take before it counts as hanging: ten times what the longest takes on a quiet machine. */
final class Limits {

    private static final long MINUTES = 15;

    private Limits() {}

    /** Fails a test that hangs, and says where it does. What the test was to clean up is cleaned up: its thread is interrupted. */
    static Timeout forOneTest() {
        return Timeout.builder()
                .withTimeout(MINUTES, TimeUnit.MINUTES)
                .withLookingForStuckThread(true)
                .build();
    }
}
