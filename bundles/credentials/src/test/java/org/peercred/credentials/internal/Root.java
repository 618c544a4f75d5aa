/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import org.junit.jupiter.api.Assumptions;

/** What only root can stage. */
final class Root {

    private static final boolean IS_ROOT = Native.load().libc().geteuid() == 0;

    private Root() {}

    /** Skips the test, and says so, where it does not run as root. */
    static void needed(String what) {
        if (!IS_ROOT) {
            System.out.println("Skipped, needs root: " + what);
        }
        Assumptions.assumeTrue(IS_ROOT, "needs root: " + what);
    }
}
