/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

/**
 * A list of things each of which is in one list at most and holds its own place there: whatever is done with it, nothing is
 * allocated, so that it can be relied upon when memory has run out. Not thread-safe.
 */
final class Chain<T extends Chain.Link<T>> {

    /** One of the things. */
    abstract static class Link<T extends Link<T>> {
        private Chain<T> chain;
        private T before;
        private T after;

        /** What follows in the list; {@code null} at its end. */
        final T after() {
            return after;
        }
    }

    private T first;
    private T last;

    /** The first; {@code null} if there is none. */
    T first() {
        return first;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Adds one that is in no list at the end. */
    void add(T one) {
        Link<T> link = one;
        Link<T> end = last;
        link.chain = this;
        link.before = last;
        if (end == null) {
            first = one;
        } else {
            end.after = one;
        }
        last = one;
    }

    /** Takes one out; false if it is not in this list. */
    boolean remove(T one) {
        Link<T> link = one;
        if (link.chain != this) {
            return false;
        }
        Link<T> before = link.before;
        Link<T> after = link.after;
        if (before == null) {
            first = link.after;
        } else {
            before.after = link.after;
        }
        if (after == null) {
            last = link.before;
        } else {
            after.before = link.before;
        }
        link.chain = null;
        link.before = null;
        link.after = null;
        return true;
    }
}
