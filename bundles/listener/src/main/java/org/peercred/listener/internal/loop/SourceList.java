/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sources in the order in which they were last touched, linked through themselves: nothing is allocated when one moves.
 *
 * @param <T> the kind of source
 */
public final class SourceList<T extends Source> {

    private Source first;
    private Source last;
    private int size;

    /**
     * Adds one as the latest.
     *
     * @param source in no list
     * @param now the loop's time
     */
    public void add(T source, long now) {
        source.touched = now;
        source.previous = last;
        source.next = null;
        if (last == null) {
            first = source;
        } else {
            last.next = source;
        }
        last = source;
        size++;
    }

    /**
     * Takes one out.
     *
     * @param source does nothing if it is in no list
     */
    public void remove(T source) {
        if (source.previous == null && first != source) {
            return;
        }
        if (source.previous == null) {
            first = source.next;
        } else {
            source.previous.next = source.next;
        }
        if (source.next == null) {
            last = source.previous;
        } else {
            source.next.previous = source.previous;
        }
        source.previous = null;
        source.next = null;
        size--;
    }

    /**
     * Makes one the latest.
     *
     * @param source in this list
     * @param now the loop's time
     */
    public void touch(T source, long now) {
        if (last == source) {
            source.touched = now;
        } else {
            remove(source);
            add(source, now);
        }
    }

    /**
     * Makes all of them equally late, in the order that they have.
     *
     * @param now the loop's time
     */
    public void touchAll(long now) {
        for (Source source = first; source != null; source = source.next) {
            source.touched = now;
        }
    }

    /**
     * The source that was touched longest ago.
     *
     * @return {@code null} if there is none
     */
    @SuppressWarnings("unchecked") // only T can be added
    public T oldest() {
        return (T) first;
    }

    /**
     * How many there are.
     *
     * @return 0 or greater
     */
    public int size() {
        return size;
    }

    /**
     * Has something done with each. Allocates nothing.
     *
     * @param action may take that one out, but no other
     */
    @SuppressWarnings("unchecked") // only T can be added
    public void forEach(Consumer<T> action) {
        Source following;
        for (Source source = first; source != null; source = following) {
            following = source.next;
            action.accept((T) source);
        }
    }

    /**
     * A copy, to walk through while sources come and go.
     *
     * @return in this order
     */
    @SuppressWarnings("unchecked") // only T can be added
    public List<T> copy() {
        List<T> copy = new ArrayList<>(size);
        for (Source source = first; source != null; source = source.next) {
            copy.add((T) source);
        }
        return copy;
    }
}
