/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

/** The descriptor is open, but is not a Unix domain socket. */
public final class NotAUnixSocketException extends PeerCredentialException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message a whole sentence
     */
    public NotAUnixSocketException(String message) {
        super(message);
    }
}
