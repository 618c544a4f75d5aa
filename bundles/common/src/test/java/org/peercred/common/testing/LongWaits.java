/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has tests wait long for what must happen: on a busy machine a second is nothing, and a wait that is over early costs nothing. JUnit finds
 * it by {@code META-INF/services} of each module whose tests wait; a test says how long only where less, or more, is what it promises.
 */
public final class LongWaits implements BeforeAllCallback {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Called by JUnit. */
    public LongWaits() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
