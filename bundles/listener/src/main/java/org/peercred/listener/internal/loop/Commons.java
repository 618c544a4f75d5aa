/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

/** What the sources of one loop have in common, as far as the loop has to know of it. Called on the loop's thread. */
public interface Commons {

    /** Throws away what sources share, so that nothing of one that failed is left to the next. Allocates nothing. */
    void discard();

    /** Does what {@link EventLoop#urge} asked for; no source has its turn meanwhile. May throw. */
    void urgent();

    /**
     * Whether some source has something left to do that a loop which shall end waits for.
     *
     * @param now the loop's time
     * @return true until that is done, or has been waited for long enough
     */
    boolean owes(long now);
}
