/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

/** There is no such open descriptor. */
public final class InvalidDescriptorException extends PeerCredentialException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message a whole sentence
     */
    public InvalidDescriptorException(String message) {
        super(message);
    }
}
