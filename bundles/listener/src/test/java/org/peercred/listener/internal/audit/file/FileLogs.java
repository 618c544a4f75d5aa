/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

/** Files for tests of others. */
public final class FileLogs {

    private FileLogs() {}

    public static FileLog on(FailingDisk disk) {
        return new FileLog(() -> disk, System::nanoTime);
    }
}
