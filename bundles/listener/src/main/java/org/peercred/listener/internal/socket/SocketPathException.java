/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

/** A socket cannot be bound to its path. The message is half a sentence that says why. */
public class SocketPathException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message half a sentence
     */
    public SocketPathException(String message) {
        super(message);
    }
}
