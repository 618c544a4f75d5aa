/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

/** A descriptor in an event loop's set. Touched by the loop's thread alone. */
public abstract class Source {

    /** The loop that it belongs to. */
    public final EventLoop loop;

    /** Its number; the source's own until it is abandoned. */
    public final int descriptor;

    /** Whose turns it shares; {@code null} if it never waits for one. */
    final Lane lane;

    /** Tells this source's events from those of an earlier source with the same descriptor; given by the loop. */
    int generation;

    /** What the epoll set watches for now; 0 when the descriptor is not in it. */
    int interest;

    /** When something last happened, by the loop's clock; orders {@link SourceList}. */
    long touched;

    Source previous;

    Source next;

    /** Whether it waits for its turn, and who comes after it. */
    boolean queued;

    int queuedEvents;
    Source nextQueued;

    /**
     * Creates a source that never waits for its turn.
     *
     * @param loop its loop
     * @param descriptor open
     */
    protected Source(EventLoop loop, int descriptor) {
        this(loop, descriptor, null);
    }

    /**
     * Creates a source that shares turns.
     *
     * @param loop its loop
     * @param descriptor open
     * @param lane with whom
     */
    protected Source(EventLoop loop, int descriptor, Lane lane) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.lane = lane;
    }

    /**
     * Something happened on the descriptor, or the source asked for another turn.
     *
     * @param events bits of epoll_ctl(2); 0 for a turn that was asked for
     */
    protected abstract void ready(int events);

    /**
     * Closes the descriptor at once and gives back what it holds. What is shared is whole afterwards, whatever state this
     * source was in.
     */
    protected abstract void abandon();

    /**
     * What it is, for people. May be called by any thread.
     *
     * @return a few words
     */
    protected String what() {
        return "descriptor " + descriptor;
    }

    /** A task was lost that may have been for this source: it looks itself for what there is to do. Allocates nothing. */
    protected void taskLost() {}

    /**
     * When it was last touched in its list.
     *
     * @return by {@link System#nanoTime()}
     */
    public final long touchedAt() {
        return touched;
    }

    /**
     * Whether it waits for its turn.
     *
     * @return true from when it was put off until it is served
     */
    public final boolean isQueued() {
        return queued;
    }
}
