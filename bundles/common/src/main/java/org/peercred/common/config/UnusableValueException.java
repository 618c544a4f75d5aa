/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

/** A value that means nothing where it stands. Whoever knows the file and the key makes a sentence of it. */
public final class UnusableValueException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param explanation half a sentence that says what is wrong, or what is expected
     */
    public UnusableValueException(String explanation) {
        super(explanation);
    }
}
