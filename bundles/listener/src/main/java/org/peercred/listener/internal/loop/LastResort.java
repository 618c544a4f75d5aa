/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done where going on would mean to serve with a state that nobody knows: one client's bytes could reach another, or
 * nobody would be served and nobody told.
 */
@FunctionalInterface
public interface LastResort {

    /** The exit status of a process that was ended so. */
    int STATUS = 70;

    /** Ends the process at once, so that a service manager starts it again. */
    LastResort HALT = (what, cause) -> {
        String sentence = what + " is in a state that nobody knows (" + cause + "): the process ends.";
        try {
            System.err.println("peercred: " + sentence);
            Logger log = LoggerFactory.getLogger(LastResort.class);
            log.error(sentence, cause);
        } finally {
            // Not exit: that waits for others to be stopped in order, and what is broken may be what they wait for.
            Runtime.getRuntime().halt(STATUS);
        }
    };

    /**
     * Ends the process.
     *
     * @param what what is broken, the beginning of a sentence
     * @param cause what broke it
     */
    void end(String what, Throwable cause);
}
