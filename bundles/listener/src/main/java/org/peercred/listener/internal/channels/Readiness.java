/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether something may have become ready since it was last tried. The loop notes it, other threads take it back before they try. Noting
 * and looking whether it was noted before are one step: a thread that takes it back in between would wait, and nobody would tell it.
 */
final class Readiness {

    private final AtomicBoolean noted = new AtomicBoolean();

    /** Notes it; whether that is news, so that whoever waits has to be told. */
    boolean note() {
        return !noted.getAndSet(true);
    }

    /** Takes it back, before the system call: what becomes ready during the call is noted again. */
    void takeBack() {
        noted.set(false);
    }

    boolean isNoted() {
        return noted.get();
    }
}
