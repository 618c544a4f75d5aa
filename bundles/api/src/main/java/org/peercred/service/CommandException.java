/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

/** A command could not do what was asked; its message is shown to the client. */
public final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line
     */
    public CommandException(String message) {
        super(message);
    }
}
