/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;
import java.util.Optional;

/**
 * The answer to an {@link AccessRequest}.
 *
 * @param allowed whether it may be done
 * @param policy the id of the policy that decided, or of the required one that is missing, not in force or does not cover the
 *     request; empty where none did (no policy covers the request, there is nobody to decide about)
 * @param reason why, for a person to read; without a full stop
 * @param generation the {@link AccessControl#generation()} that it was made in
 */
public record Decision(boolean allowed, Optional<String> policy, String reason, long generation) {

    /** Checks that nothing is null. */
    public Decision {
        Objects.requireNonNull(policy);
        Objects.requireNonNull(reason);
    }
}
