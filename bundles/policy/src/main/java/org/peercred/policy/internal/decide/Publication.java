/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.List;
import org.peercred.access.PolicyScope;
import org.peercred.policy.internal.config.Revision;

/**
 * The generation that counts: read by any thread, one volatile field; changed with a lock of the caller's held. Where no next one can be
 * made, for want of memory most likely, one that refuses everything counts until one can.
 */
final class Publication {

    private static final Voter FAILED = Voter.of(Revision.closed(
            "access", PolicyScope.EVERYTHING, "The access control failed, and puts itself right if it can."));

    private static final Voter STOPPED =
            Voter.of(Revision.closed("access", PolicyScope.EVERYTHING, "The access control was stopped."));

    private volatile Generation current = new Generation(0, List.of());

    /** Refuses everything; made beforehand, for when nothing can be made any more. */
    private Generation emergency = new Generation(1, List.of(FAILED));

    private boolean closed;

    /** May be called by any thread, without the lock. */
    Generation current() {
        return current;
    }

    /** Puts those in the place of whoever voted before; once it is closed, does nothing. If it throws, nothing has changed. */
    void publish(List<Voter> voters) {
        if (closed) {
            return;
        }
        Generation next = new Generation(current.number() + 1, voters);
        emergency = new Generation(next.number() + 1, List.of(FAILED));
        current = next;
    }

    /** Refuses everything until the next is published. Allocates nothing. */
    void fail() {
        current = closed ? current : emergency;
    }

    /** Refuses everything from now on. Allocates nothing. */
    void failForEver() {
        fail();
        closed = true;
    }

    /** Refuses everything from now on, and says why: closed first, whatever there is no memory for then. */
    void close() {
        closed = true;
        current = emergency;
        current = new Generation(current.number() + 1, List.of(STOPPED));
    }
}
