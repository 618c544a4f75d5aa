/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed again: each, whatever another throws, and the latest first. For one thread. */
final class Opened implements Closeable {

    private final Deque<Closeable> all = new ArrayDeque<>();

    void add(Closeable one) {
        all.push(one);
    }

    /** Closes all. Of several failures, the last is thrown. Again, does nothing. */
    @Override
    public void close() throws IOException {
        if (!all.isEmpty()) {
            try {
                all.pop().close();
            } finally {
                close();
            }
        }
    }

    /** Closes all because something has failed: that is what counts, whatever fails now. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (Throwable e) {
            failure.addSuppressed(e);
        }
    }
}
