/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.List;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;

/** What a policy that grants says of those it does not grant anything. */
enum Otherwise {
    /** Leaves it to the other policies. */
    ABSTAIN,
    /** Refuses. */
    DENY;

    /** The key. */
    static final String KEY = "otherwise";

    static Otherwise read(Config config) throws ConfigException {
        return config.oneOf(KEY, "abstain", List.of("abstain", "deny")).equals("deny") ? DENY : ABSTAIN;
    }

    Verdict verdict(String reason) {
        return this == DENY ? Verdict.deny(reason) : Verdict.abstain(reason);
    }
}
