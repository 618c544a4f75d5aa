/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

/** One owner's sources on a loop, which share its turns. Touched by the loop's thread alone. */
public final class Lane {

    final Long owner;

    /** Who waits in it, linked through the sources themselves. */
    Source first;

    Source last;
    /** Whether it is among those that will be served, and which comes after it. */
    boolean busy;

    Lane next;
    /** The round in which it last had turns, and what these took of it. */
    long round;

    long spent;

    /** How many hold it. */
    int holders;
    /** Whether it is kept though nobody holds it, and with which others. */
    boolean left;

    Lane nextLeft;

    Lane(Long owner) {
        this.owner = owner;
    }

    /**
     * A lane of nobody in particular.
     *
     * @return a new one
     */
    public static Lane apart() {
        return new Lane(null);
    }
}
