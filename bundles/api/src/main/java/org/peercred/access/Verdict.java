/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;

/**
 * What one policy says to one request.
 *
 * @param effect what it says
 * @param reason why, for a person to read; without a full stop
 */
public record Verdict(Effect effect, String reason) {

    /** What a verdict does to the decision. */
    public enum Effect {
        /** Grants, unless another policy denies. */
        ALLOW,
        /** Refuses, whatever others say. */
        DENY,
        /** Neither. */
        ABSTAIN
    }

    /** Checks that nothing is null. */
    public Verdict {
        Objects.requireNonNull(effect);
        Objects.requireNonNull(reason);
    }

    /**
     * A grant.
     *
     * @param reason why
     * @return the verdict
     */
    public static Verdict allow(String reason) {
        return new Verdict(Effect.ALLOW, reason);
    }

    /**
     * A refusal.
     *
     * @param reason why
     * @return the verdict
     */
    public static Verdict deny(String reason) {
        return new Verdict(Effect.DENY, reason);
    }

    /**
     * No opinion.
     *
     * @param reason why
     * @return the verdict
     */
    public static Verdict abstain(String reason) {
        return new Verdict(Effect.ABSTAIN, reason);
    }
}
