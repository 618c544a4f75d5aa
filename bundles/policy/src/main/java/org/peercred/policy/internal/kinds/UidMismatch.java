/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.peercred.access.Verdict;

/**
 * The verdicts of policies that compare the peer's uid with the daemon's. The latest are kept, so that a decision that another
 * policy makes in the end does not build a sentence first. Safe to be used by any thread.
 */
final class UidMismatch {

    private static final int KEPT = 64;

    private record Entry(long uid, Verdict verdict) {}

    private final Verdict.Effect effect;
    private final long daemonUid;
    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(KEPT);

    UidMismatch(Verdict.Effect effect, long daemonUid) {
        this.effect = effect;
        this.daemonUid = daemonUid;
    }

    Verdict verdict(long peerUid) {
        int slot = (int) (peerUid % KEPT);
        Entry entry = entries.get(slot);
        if (entry == null || entry.uid() != peerUid) {
            entry = new Entry(peerUid, new Verdict(effect, "UID mismatch (" + peerUid + " != " + daemonUid + ")"));
            entries.set(slot, entry);
        }
        return entry.verdict();
    }
}
