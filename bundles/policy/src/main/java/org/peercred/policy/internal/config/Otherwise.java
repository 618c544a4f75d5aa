/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import org.peercred.access.Verdict;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;

/** What a policy that grants says of those it does not grant anything. */
public enum Otherwise {
    /** Leaves it to the other policies. */
    ABSTAIN,
    /** Refuses. */
    DENY;

    /** The key. An empty value is left by a variable that is not set, most likely; it may have meant to deny. */
    public static final Key<Otherwise> KEY =
            Keys.completeChoice("otherwise", "abstain", "deny").as(denies -> denies ? DENY : ABSTAIN);

    public Verdict verdict(String reason) {
        return this == DENY ? Verdict.deny(reason) : Verdict.abstain(reason);
    }
}
