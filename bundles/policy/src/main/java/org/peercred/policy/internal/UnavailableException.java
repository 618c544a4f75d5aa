/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

/** Whoever has to be asked does not answer now; it is to be asked again. */
final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one sentence that names file, key and value
     */
    UnavailableException(String message) {
        super(message);
    }
}
