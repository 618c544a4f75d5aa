/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.Objects;

/**
 * A decision, and what led to it.
 *
 * @param decision the decision
 * @param opinions what each policy said, by id; policies that do not cover the request are listed as such
 */
public record Explanation(Decision decision, List<Opinion> opinions) {

    /** Takes a copy. */
    public Explanation {
        Objects.requireNonNull(decision);
        opinions = List.copyOf(opinions);
    }

    /**
     * What one policy said.
     *
     * @param policy the policy's id
     * @param covered whether it covers the request; if not, its verdict does not count
     * @param verdict what it said
     */
    public record Opinion(String policy, boolean covered, Verdict verdict) {

        /** Checks that nothing is null. */
        public Opinion {
            Objects.requireNonNull(policy);
            Objects.requireNonNull(verdict);
        }
    }
}
