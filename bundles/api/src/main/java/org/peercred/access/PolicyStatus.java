/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;
import java.util.Optional;

/**
 * Whether a policy works with the configuration it was given.
 *
 * @param state which configuration is in force
 * @param problem why the newest one is not; empty when {@link State#ACTIVE}
 */
public record PolicyStatus(State state, Optional<String> problem) {

    /** Which configuration is in force. */
    public enum State {
        /** The newest. */
        ACTIVE,
        /** The one before; the newest was rejected. */
        LAST_GOOD,
        /**
         * None: the policy denies all it covers. If it only waits for a name service to answer, it says of those who are known what
         * its configuration says.
         */
        REJECTED
    }

    /** The newest configuration is in force. */
    public static final PolicyStatus ACTIVE = new PolicyStatus(State.ACTIVE, Optional.empty());

    /** Checks that nothing is null. */
    public PolicyStatus {
        Objects.requireNonNull(state);
        Objects.requireNonNull(problem);
    }
}
