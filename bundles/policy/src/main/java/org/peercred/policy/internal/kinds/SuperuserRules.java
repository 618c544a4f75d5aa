/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.policy.internal.config.Rules;

/**
 * Refuses uid 0 unless the daemon runs as uid 0.
 *
 * @param daemonUid the effective uid of this process
 * @param mismatch what uid 0 is told
 */
record SuperuserRules(long daemonUid, Verdict mismatch) implements Rules {

    private static final long ROOT = 0;
    private static final Verdict ANOTHER = Verdict.abstain("the peer is not the superuser");
    private static final Verdict OWN = Verdict.abstain("the daemon runs as the superuser itself");

    SuperuserRules(PeerCredentialProvider credentials) {
        this(credentials.daemonUid(), new UidMismatch(Verdict.Effect.DENY, credentials.daemonUid()).verdict(ROOT));
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        if (request.peer().uid() != ROOT) {
            return ANOTHER;
        }
        return daemonUid == ROOT ? OWN : mismatch;
    }
}
