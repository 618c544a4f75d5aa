/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.policy.internal.config.Rules;

/** Allows the uid that the daemon runs as. */
final class OwnerRules implements Rules {

    private static final Verdict SAME = Verdict.allow("the peer runs as the daemon's own user");
    private static final Verdict NOBODY = Verdict.abstain("the peer's uid is the overflow id, which names nobody");

    private final long daemonUid;
    private final long overflowUid;
    private final UidMismatch mismatch;

    OwnerRules(PeerCredentialProvider credentials) {
        daemonUid = credentials.daemonUid();
        overflowUid = credentials.overflowUid();
        mismatch = new UidMismatch(Verdict.Effect.ABSTAIN, daemonUid);
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        long uid = request.peer().uid();
        if (uid != daemonUid) {
            return mismatch.verdict(uid);
        }
        return uid == overflowUid ? NOBODY : SAME;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnerRules that && daemonUid == that.daemonUid && overflowUid == that.overflowUid;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(daemonUid);
    }
}
