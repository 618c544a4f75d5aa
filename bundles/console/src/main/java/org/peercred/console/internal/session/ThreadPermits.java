/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.peercred.service.ThreadLimit;

/** The threads that one terminal, command or connection may have: as many as it needs, or none. Safe to be used by any thread. */
public final class ThreadPermits implements AutoCloseable {

    /** What a client is told who needs more than there are. */
    public static final String TOO_MANY = "Too many threads";

    private final List<ThreadLimit.Permit> permits;

    private ThreadPermits(List<ThreadLimit.Permit> permits) {
        this.permits = permits;
    }

    /**
     * Asks for some. Does not wait.
     *
     * @param limit asked for each
     * @param count how many
     * @return to be closed when they have ended; empty if there are not so many, and then none is kept, nor if it throws
     */
    public static Optional<ThreadPermits> take(Supplier<Optional<ThreadLimit.Permit>> limit, int count) {
        ThreadPermits taken = new ThreadPermits(new ArrayList<>(count));
        Optional<ThreadPermits> all = Optional.of(taken);
        boolean whole = false;
        try {
            while (taken.permits.size() < count) {
                Optional<ThreadLimit.Permit> permit = limit.get();
                if (permit.isEmpty()) {
                    return Optional.empty();
                }
                taken.permits.add(permit.get());
            }
            whole = true;
            return all;
        } finally {
            if (!whole) {
                taken.close();
            }
        }
    }

    /** Gives them back. Again, does nothing. */
    @Override
    public void close() {
        permits.forEach(ThreadLimit.Permit::giveBack);
    }
}
