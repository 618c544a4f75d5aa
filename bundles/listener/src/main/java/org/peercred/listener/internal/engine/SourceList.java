/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Sources in the order in which they were last touched, linked through themselves: nothing is allocated when one moves.
 *
 * @param <T> the kind of source
 */
final class SourceList<T extends Source> {

    private Source first;
    private Source last;
    private int size;

    void add(T source, long now) {
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

    void remove(T source) {
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

    void touch(T source, long now) {
        if (last == source) {
            source.touched = now;
        } else {
            remove(source);
            add(source, now);
        }
    }

    /** The source that was touched longest ago, {@code null} if there is none. */
    @SuppressWarnings("unchecked") // only T can be added
    T oldest() {
        return (T) first;
    }

    int size() {
        return size;
    }

    /** A copy, to walk through while sources come and go. */
    @SuppressWarnings("unchecked") // only T can be added
    List<T> copy() {
        List<T> copy = new ArrayList<>(size);
        for (Source source = first; source != null; source = source.next) {
            copy.add((T) source);
        }
        return copy;
    }
}
