/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

/** A name service could not be asked, which says nothing about whether the name exists. */
public final class NameServiceException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message a whole sentence with the errno's name
     */
    public NameServiceException(String message) {
        super(message);
    }
}
