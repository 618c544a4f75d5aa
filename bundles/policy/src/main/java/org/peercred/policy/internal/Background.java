/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.time.Duration;

/** Threads for what must hold up neither a component's activation nor a decision. */
interface Background {

    /**
     * Runs a task on a thread of its own and waits for its end, but not for long.
     *
     * @param task what to do; must not throw
     * @return whether it has ended
     */
    boolean run(Runnable task);

    /**
     * Runs a task later; never after this service was stopped.
     *
     * @param delay at least so long
     * @param task what to do; must not throw
     */
    void after(Duration delay, Runnable task);
}
