/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.time.Duration;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads for what must not hold up whoever wants it done. Safe to be used by any thread. */
public interface Chores {

    /** How long something waits that could not be done. */
    Duration PAUSE = Duration.ofSeconds(1);

    /**
     * Runs a task on a thread of its own and waits for its end, but not for long.
     *
     * @param task what to do; must not throw
     * @return whether it has ended
     * @throws java.util.concurrent.RejectedExecutionException if there is no thread for it: it is not run
     */
    boolean run(Runnable task);

    /**
     * Makes something that is to be done now and then. It is done by one thread at a time. Whatever it throws, and even if there
     * is no thread or no memory for it when it falls due, it is not forgotten: it is done again a second later.
     *
     * @param task what to do
     * @return not to be done before it is told when
     */
    Chore chore(Runnable task);

    /** Something to be done now and then. Safe to be used by any thread; allocates nothing. */
    interface Chore {

        /**
         * Has it done later, in place of what was said before; never after these threads were stopped.
         *
         * @param delay at least so long
         */
        void in(Duration delay);
    }

    /**
     * Logs what kept something from being done that is going to be tried again. Throws nothing, whatever logging takes.
     *
     * @param thrown why
     */
    static void tell(Throwable thrown) {
        try {
            Logger log = LoggerFactory.getLogger(Chores.class);
            log.warn("Work in the background failed and is tried again: {}", ForeignText.escape(thrown.toString()));
            log.debug("The failure", thrown);
        } catch (Throwable again) {
            // It is tried again all the same.
        }
    }
}
