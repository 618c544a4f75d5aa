/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

/** What one connection has of the watch over its peer's process, in a list of those that have the same. Its loop's alone. */
final class ExitWatch {

    final Authorization authorization;
    final int pid;

    /** {@code null} once it has ended. */
    ProcessWatch watch;

    ExitWatch previous;
    ExitWatch next;

    ExitWatch(Authorization authorization, int pid) {
        this.authorization = authorization;
        this.pid = pid;
    }

    /** Watches no more; again, does nothing. */
    void end() {
        if (watch != null) {
            watch.leave(this);
        }
    }
}
