/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

/** The kernel did not say who is connected. The three ways in which that happens are the subclasses. */
public abstract sealed class PeerCredentialException extends Exception
        permits NotAUnixSocketException, InvalidDescriptorException, SystemCallException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message a whole sentence
     */
    protected PeerCredentialException(String message) {
        super(message);
    }
}
