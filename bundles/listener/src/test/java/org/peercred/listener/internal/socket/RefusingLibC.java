/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import org.peercred.listener.internal.testing.DelegatingLibC;

/** The kernel, as a process without the right to change owners sees it: chown(2) is asked for a file that is not there. */
final class RefusingLibC extends DelegatingLibC {

    RefusingLibC(LibC kernel) {
        super(kernel);
    }

    @Override
    public int chown(String path, int owner, int group) {
        return kernel.chown(path + "/missing", owner, group);
    }
}
