/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

/** Something in a loop that wants to act when nothing happens. */
public interface Timed {

    /**
     * When to act next.
     *
     * @return by {@link System#nanoTime()}; {@link Long#MAX_VALUE} for never
     */
    long deadline();

    /**
     * Acts. Called when the deadline has passed.
     *
     * @param now by {@link System#nanoTime()}
     */
    void expire(long now);
}
