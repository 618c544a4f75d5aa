/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.Optional;

/** Whoever has to be asked does not answer now; it is to be asked again. */
public final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Rules.Remainder> remainder;

    /**
     * Creates the exception.
     *
     * @param message one sentence that names file, key and value
     */
    public UnavailableException(String message) {
        super(message);
        remainder = Optional.empty();
    }

    /**
     * Creates the exception.
     *
     * @param message one sentence that names file, key and value
     * @param remainder what still counts of what was in force
     */
    public UnavailableException(String message, Rules.Remainder remainder) {
        super(message);
        this.remainder = Optional.of(remainder);
    }

    /** What still counts of what was in force; empty if all of it does. */
    public Optional<Rules.Remainder> remainder() {
        return remainder;
    }
}
