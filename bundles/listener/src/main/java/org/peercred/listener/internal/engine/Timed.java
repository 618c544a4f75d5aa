/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

/** Something in a loop that wants to act when nothing happens. */
interface Timed {

    /** When to act next, by {@link System#nanoTime()}; {@link Long#MAX_VALUE} for never. */
    long deadline();

    /** Acts. Called when the deadline has passed. */
    void expire(long now);
}
